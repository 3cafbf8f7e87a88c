package org.mocha4j.cpu.internal.float32;

import org.mocha4j.cpu.internal.Maxima;

/**
 * The inner loops that profit from explicit vectors, in float32. Matrices come packed in panels: a panel of
 * {@code rows()} rows of A, or {@code columns()} columns of B, holds the entries of one step side by side, step after
 * step.
 */
abstract class Products {
    /** What happens to a result: nothing, the maximum with 0, or nothing here. */
    static final int NONE = 0;
    static final int RELU = 1;

    abstract String description();

    /** The rows of a panel of A. */
    abstract int rows();

    /** The columns of a panel of B. */
    abstract int columns();

    /** The filters of a panel for {@link #correlate}. */
    abstract int lanes();

    /** Work space for the products of one thread. */
    abstract float[][] work();

    /** Work space, one for each thread. */
    final float[][][] work(int threads) {
        float[][][] work = new float[threads][][];
        for (int i = 0; i < threads; i++) {
            work[i] = work();
        }
        return work;
    }

    /**
     * C = A·B, or C + A·B.
     *
     * @param k  steps; panel i of A begins at aAt + i·k·rows(), of B at bAt + i·k·columns()
     * @param ld the distance of the rows of C
     */
    abstract void multiply(float[] a, int aAt, float[] b, int bAt, int k, float[] c, int cAt, int ld, int m, int n,
                           boolean accumulate, float[][] work);

    /**
     * The products of windows and what belongs to their places: C[k, f] = Σ x[at + offsets[k] + places[q]] · b[q, f]
     * over q, or that added to C.
     *
     * @param offsets of the window elements; C has a multiple of {@link #rows()} rows, of which those beyond are
     *                rubbish
     * @param count   of places
     * @param b       holds the panels of b, {@link #lanes()} wide, from bAt on, and C from cAt on
     * @param ld      the distance of the rows of C, a multiple of the lanes
     */
    abstract void correlate(float[] x, int at, int[] offsets, int[] places, int count, float[] b, int bAt, int cAt,
                            int ld, boolean accumulate, float[][] work);

    /**
     * Adds runs of n elements: to[toAt + r · toStep + i · inner] += x[at + r · step + i] for r of {@code count}.
     *
     * @param end up to where {@code to} belongs to the caller, who alone changes it meanwhile
     */
    void addRuns(float[] x, int at, int step, float[] to, int toAt, int toStep, int inner, int count, int n, int end) {
        for (int r = 0; r < count; r++) {
            int from = at + r * step;
            int o = toAt + r * toStep;
            for (int i = 0; i < n; i++) {
                to[o + i * inner] += x[from + i];
            }
        }
    }

    /**
     * Packs windows: to[toAt + p · step + l] = x[at + offsets[first + p] + places[q + l]] for p of {@code count} steps
     * and l of {@code lines}. Lines that are missing up to the next multiple of {@link #unit()} may be filled with
     * anything.
     */
    void pack(float[] x, int at, int[] offsets, int first, int count, Runs runs, int q, int lines, float[] to, int toAt,
              int step) {
        for (int p = 0; p < count; p++) {
            runs.copy(x, at + offsets[first + p], q, lines, to, toAt + p * step);
        }
    }

    /** Elements of a vector; 1 without vectors. */
    abstract int unit();

    /** c[at + i] = f(c[at + i] + bias). */
    void addOne(float[] c, int at, int n, float bias, int f) {
        for (int i = at; i < at + n; i++) {
            float v = c[i] + bias;
            c[i] = f == RELU && v < 0 ? 0 : v;
        }
    }

    /** c[at + i] = f(c[at + i] + bias[from + i]). */
    void addEach(float[] c, int at, int n, float[] bias, int from, int f) {
        for (int i = 0; i < n; i++) {
            float v = c[at + i] + bias[from + i];
            c[at + i] = f == RELU && v < 0 ? 0 : v;
        }
    }

    /**
     * The maxima of the windows of one plane. Element e of the window of output q is x[at + table[e · n + q]]; of equal
     * elements the first wins, NaN never wins over a number.
     *
     * @param best    where the maxima go
     * @param indices where their table entries go; null if nobody wants them
     */
    void maxima(float[] x, int at, int[] table, int elements, int n, float[] best, int bestAt, int[] indices,
                int indicesAt) {
        Maxima.find(x, at, table, elements, n, best, bestAt, indices, indicesAt);
    }
}

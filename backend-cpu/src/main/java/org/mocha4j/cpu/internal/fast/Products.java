package org.mocha4j.cpu.internal.fast;

/**
 * The inner loops that profit from explicit vectors, in float32. Matrices come packed in panels: a panel of {@code rows()}
 * rows of A, or {@code columns()} columns of B, holds the entries of one step side by side, step after step.
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

    /** Work space for {@link #multiply}, one for each thread. */
    abstract float[][] work();

    /**
     * C = A·B, or C + A·B.
     *
     * @param k  steps; panel i of A begins at aAt + i·k·rows(), of B at bAt + i·k·columns()
     * @param ld the distance of the rows of C
     */
    abstract void multiply(float[] a, int aAt, float[] b, int bAt, int k, float[] c, int cAt, int ld, int m, int n,
                           boolean accumulate, float[][] work);

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
    void maxima(float[] x, int at, int[] table, int elements, int n, float[] best, int bestAt, int[] indices, int indicesAt) {
        for (int q = 0; q < n; q++) {
            long max = rank(x[at + table[q]], 0);
            for (int e = 1; e < elements; e++) {
                long r = rank(x[at + table[e * n + q]], e);
                long d = max - r;
                max -= d & (d >> 63);
            }
            int index = table[(Integer.MAX_VALUE - (int) (max & Integer.MAX_VALUE)) * n + q];
            best[bestAt + q] = x[at + index];
            if (indices != null) {
                indices[indicesAt + q] = index;
            }
        }
    }

    /** Orders elements as 63-bit numbers: by value, NaN lowest, then the first highest; comparing them needs no branch. */
    private static long rank(float v, int e) {
        int bits = Float.floatToRawIntBits(v + 0.0f);
        int key = v == v ? bits ^ (bits >> 31 & Integer.MAX_VALUE) : Integer.MIN_VALUE;
        return ((long) key << 31) + (Integer.MAX_VALUE - e);
    }
}

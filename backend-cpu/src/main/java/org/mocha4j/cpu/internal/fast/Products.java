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
}

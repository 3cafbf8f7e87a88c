package org.mocha4j.cpu.internal.fast;

/**
 * Products by loops that the compiler vectorises: it does so only where each row is an array of its own without an offset,
 * so rows are copied out of the panels.
 */
final class PlainProducts extends Products {
    private static final int ROWS = 4;
    private static final int COLUMNS = 256;

    @Override
    String description() {
        return "plain loops";
    }

    @Override
    int rows() {
        return ROWS;
    }

    @Override
    int columns() {
        return COLUMNS;
    }

    /** Four rows of sums, four of B. */
    @Override
    float[][] work() {
        return new float[2 * ROWS][COLUMNS];
    }

    @Override
    void multiply(float[] a, int aAt, float[] b, int bAt, int k, float[] c, int cAt, int ld, int m, int n,
                  boolean accumulate, float[][] work) {
        for (int j = 0; j < n; j += COLUMNS) {
            int width = Math.min(COLUMNS, n - j);
            for (int i = 0; i < m; i += ROWS) {
                for (int r = 0; r < ROWS; r++) {
                    java.util.Arrays.fill(work[r], 0, width, 0);
                }
                rows(a, aAt + i * k, b, bAt + j * k, k, width, work);
                for (int r = 0; r < Math.min(ROWS, m - i); r++) {
                    int at = cAt + (i + r) * ld + j;
                    if (accumulate) {
                        add(work[r], c, at, width);
                    } else {
                        System.arraycopy(work[r], 0, c, at, width);
                    }
                }
            }
        }
    }

    private static void add(float[] sum, float[] c, int at, int width) {
        for (int j = 0; j < width; j++) {
            c[at + j] += sum[j];
        }
    }

    private static void rows(float[] a, int aAt, float[] b, int bAt, int k, int width, float[][] work) {
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            for (int s = 0; s < 4; s++) {
                System.arraycopy(b, bAt + (p + s) * COLUMNS, work[ROWS + s], 0, width);
            }
            for (int r = 0; r < ROWS; r++) {
                int at = aAt + p * ROWS + r;
                four(work[r], a[at], work[4], a[at + ROWS], work[5], a[at + 2 * ROWS], work[6], a[at + 3 * ROWS], work[7], width);
            }
        }
        for (; p < k; p++) {
            System.arraycopy(b, bAt + p * COLUMNS, work[ROWS], 0, width);
            for (int r = 0; r < ROWS; r++) {
                one(work[r], a[aAt + p * ROWS + r], work[ROWS], width);
            }
        }
    }

    private static void four(float[] c, float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3,
                             float[] b3, int n) {
        for (int j = 0; j < n; j++) {
            c[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private static void one(float[] c, float a, float[] b, int n) {
        for (int j = 0; j < n; j++) {
            c[j] += a * b[j];
        }
    }
}

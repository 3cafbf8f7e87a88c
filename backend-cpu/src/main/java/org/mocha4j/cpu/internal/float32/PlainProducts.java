package org.mocha4j.cpu.internal.float32;

/**
 * Products by loops that the compiler vectorises: it does so only where each row is an array of its own without an
 * offset, so rows are copied out of the panels.
 */
final class PlainProducts extends Products {
    private static final int ROWS = 8;
    private static final int COLUMNS = 256;
    /**
     * Steps that are taken at once. The compiler of JDK 17 vectorises four, not eight; later ones are a fifth faster
     * with eight.
     */
    private static final int STEPS = Runtime.version().feature() < 25 ? 4 : 8;
    /** Places whose windows are gathered at once. */
    private static final int PLACES = 128;

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

    @Override
    int unit() {
        return 1;
    }

    @Override
    int lanes() {
        return ROWS;
    }

    /** Rows of sums, steps of B, and gathered columns. */
    @Override
    float[][] work() {
        float[][] work = new float[ROWS + STEPS + 1][COLUMNS];
        work[ROWS + STEPS] = new float[PLACES * COLUMNS];
        return work;
    }

    @Override
    void multiply(float[] a, int aAt, float[] b, int bAt, int k, float[] c, int cAt, int ld, int m, int n,
                  boolean accumulate, float[][] work) {
        for (int j = 0; j < n; j += COLUMNS) {
            int width = Math.min(COLUMNS, n - j);
            for (int i = 0; i < m; i += ROWS) {
                clear(work, width);
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

    /** A product of rows of filters and columns of window elements, which are gathered for so many places as fit. */
    @Override
    void correlate(float[] x, int at, int[] offsets, int[] places, int count, float[] b, int bAt, int cAt, int ld,
                   boolean accumulate, float[][] work) {
        float[] columns = work[ROWS + STEPS];
        for (int k = 0; k < offsets.length; k += COLUMNS) {
            int width = Math.min(COLUMNS, offsets.length - k);
            for (int q = 0; q < count; q += PLACES) {
                int steps = Math.min(PLACES, count - q);
                gather(x, at, offsets, k, places, q, steps, columns, width);
                for (int f = 0; f < ld; f += ROWS) {
                    clear(work, width);
                    rows(b, bAt + f * count + q * ROWS, columns, 0, steps, width, work);
                    for (int r = 0; r < ROWS; r++) {
                        scatter(work[r], b, cAt + k * ld + f + r, ld, width, accumulate || q > 0);
                    }
                }
            }
        }
    }

    /**
     * Four window elements at a time, so that neighbours in a row are written together; those beyond the last
     * repeat it.
     */
    private static void gather(float[] x, int at, int[] offsets, int first, int[] places, int q, int count, float[] to,
                               int n) {
        int last = offsets.length - 1;
        for (int i = 0; i < n; i += 4) {
            int s0 = at + offsets[first + i];
            int s1 = at + offsets[Math.min(last, first + i + 1)];
            int s2 = at + offsets[Math.min(last, first + i + 2)];
            int s3 = at + offsets[Math.min(last, first + i + 3)];
            for (int p = 0, o = i; p < count; p++, o += COLUMNS) {
                int d = places[q + p];
                to[o] = x[s0 + d];
                to[o + 1] = x[s1 + d];
                to[o + 2] = x[s2 + d];
                to[o + 3] = x[s3 + d];
            }
        }
    }

    private static void scatter(float[] sum, float[] c, int at, int ld, int n, boolean accumulate) {
        for (int i = 0; i < n; i++) {
            c[at + i * ld] = accumulate ? c[at + i * ld] + sum[i] : sum[i];
        }
    }

    private static void clear(float[][] sums, int width) {
        for (int r = 0; r < ROWS; r++) {
            java.util.Arrays.fill(sums[r], 0, width, 0);
        }
    }

    private static void add(float[] sum, float[] c, int at, int width) {
        for (int j = 0; j < width; j++) {
            c[at + j] += sum[j];
        }
    }

    /** Also sums of rubbish, up to whole vectors, which are faster than the loop behind them. */
    private static void rows(float[] a, int aAt, float[] b, int bAt, int k, int columns, float[][] work) {
        int width = Panels.roundUp(columns, 16);
        int p = 0;
        for (; p + STEPS <= k; p += STEPS) {
            for (int s = 0; s < STEPS; s++) {
                System.arraycopy(b, bAt + (p + s) * COLUMNS, work[ROWS + s], 0, width);
            }
            for (int r = 0; r < ROWS; r++) {
                if (STEPS == 4) {
                    four(work[r], a, aAt + p * ROWS + r, work, width);
                } else {
                    eight(work[r], a, aAt + p * ROWS + r, work, width);
                }
            }
        }
        for (; p < k; p++) {
            System.arraycopy(b, bAt + p * COLUMNS, work[ROWS], 0, width);
            for (int r = 0; r < ROWS; r++) {
                one(work[r], a[aAt + p * ROWS + r], work[ROWS], width);
            }
        }
    }

    private static void four(float[] c, float[] a, int at, float[][] work, int n) {
        four(c, a[at], work[ROWS], a[at + ROWS], work[ROWS + 1], a[at + 2 * ROWS], work[ROWS + 2], a[at + 3 * ROWS],
                work[ROWS + 3], n);
    }

    private static void four(float[] c, float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3,
                             float[] b3, int n) {
        for (int j = 0; j < n; j++) {
            c[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private static void eight(float[] c, float[] a, int at, float[][] work, int n) {
        eight(c, a[at], work[ROWS], a[at + ROWS], work[ROWS + 1], a[at + 2 * ROWS], work[ROWS + 2], a[at + 3 * ROWS],
                work[ROWS + 3], a[at + 4 * ROWS], work[ROWS + 4], a[at + 5 * ROWS], work[ROWS + 5], a[at + 6 * ROWS],
                work[ROWS + 6], a[at + 7 * ROWS], work[ROWS + 7], n);
    }

    private static void eight(float[] c, float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3,
                              float[] b3, float a4, float[] b4, float a5, float[] b5, float a6, float[] b6, float a7,
                              float[] b7, int n) {
        for (int j = 0; j < n; j++) {
            c[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j]
                    + (a4 * b4[j] + a5 * b5[j] + a6 * b6[j] + a7 * b7[j]);
        }
    }

    private static void one(float[] c, float a, float[] b, int n) {
        for (int j = 0; j < n; j++) {
            c[j] += a * b[j];
        }
    }
}

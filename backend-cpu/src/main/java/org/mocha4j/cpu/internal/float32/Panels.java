package org.mocha4j.cpu.internal.float32;

/** Packs matrices into the panels that {@link Products} takes. */
final class Panels {
    private Panels() {
    }

    static int roundUp(int n, int to) {
        return (n + to - 1) / to * to;
    }

    /**
     * Packs lines into panels of a width; missing lines of the last panel become zero.
     *
     * @param line the distance between lines
     * @param step the distance between the steps of a line
     */
    static void pack(float[] x, int at, int line, int step, int lines, int k, float[] to, int toAt, int width) {
        for (int l = 0; l < lines; l += width) {
            int n = Math.min(width, lines - l);
            int from = at + l * line;
            int panel = toAt + l * k;
            if (line == 1) {
                for (int p = 0; p < k; p++) {
                    System.arraycopy(x, from + p * step, to, panel + p * width, n);
                }
            } else {
                across(x, from, line, step, n, k, to, panel, width);
            }
            if (n < width) {
                for (int p = 0; p < k; p++) {
                    java.util.Arrays.fill(to, panel + p * width + n, panel + (p + 1) * width, 0);
                }
            }
        }
    }

    /** The lines of one panel, four at a time, so that neighbours in the panel are written together. */
    private static void across(float[] x, int from, int line, int step, int n, int k, float[] to, int panel,
                               int width) {
        int l = 0;
        for (; l + 4 <= n; l += 4) {
            int s0 = from + l * line;
            int s1 = s0 + line;
            int s2 = s1 + line;
            int s3 = s2 + line;
            int o = panel + l;
            for (int p = 0, d = 0; p < k; p++, d += step, o += width) {
                to[o] = x[s0 + d];
                to[o + 1] = x[s1 + d];
                to[o + 2] = x[s2 + d];
                to[o + 3] = x[s3 + d];
            }
        }
        for (; l < n; l++) {
            int s = from + l * line;
            int o = panel + l;
            for (int p = 0; p < k; p++) {
                to[o + p * width] = x[s + p * step];
            }
        }
    }
}

package org.mocha4j.cpu.internal.fast;

/** Packs matrices and image windows into the panels that {@link Products} takes. */
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
    private static void across(float[] x, int from, int line, int step, int n, int k, float[] to, int panel, int width) {
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

    /**
     * Packs windows: lines are output places (rows × ow), steps are window elements (c, i, j).
     *
     * @param v    where the image lies
     * @param runs work space of 2 · width numbers
     */
    static void windows(float[] x, int at, Windows v, int rows, float[] to, int toAt, int width, int[] runs) {
        int lines = rows * v.ow();
        for (int l = 0; l < lines; l += width) {
            int n = Math.min(width, lines - l);
            int count = 0;
            for (int q = l; q < l + n; count++) {
                int ox = q % v.ow();
                int length = Math.min(v.ow() - ox, l + n - q);
                runs[2 * count] = q / v.ow() * v.sh() * v.row() + ox * v.sw();
                runs[2 * count + 1] = length;
                q += length;
            }
            int o = toAt + l * v.k();
            for (int c = 0; c < v.channels(); c++) {
                for (int i = 0; i < v.kh(); i++) {
                    for (int j = 0; j < v.kw(); j++) {
                        int s = at + c * v.plane() + i * v.dh() * v.row() + j * v.dw();
                        copyRuns(x, s, v.sw(), runs, count, to, o);
                        if (n < width) {
                            java.util.Arrays.fill(to, o + n, o + width, 0);
                        }
                        o += width;
                    }
                }
            }
        }
    }

    private static void copyRuns(float[] x, int s, int step, int[] runs, int count, float[] to, int o) {
        int d = o;
        for (int r = 0; r < count; r++) {
            int from = s + runs[2 * r];
            int n = runs[2 * r + 1];
            if (step == 1) {
                for (int t = 0; t < n; t++) {
                    to[d + t] = x[from + t];
                }
            } else {
                for (int t = 0; t < n; t++) {
                    to[d + t] = x[from + t * step];
                }
            }
            d += n;
        }
    }

    /** Packs windows the other way: lines are window elements, steps are output places. Missing lines repeat the last. */
    static void windowsAcross(float[] x, int at, Windows v, int rows, float[] to, int toAt, int width) {
        int lines = v.k();
        int k = rows * v.ow();
        for (int l = 0; l < lines; l += 4) {
            int s0 = at + v.offset(l);
            int s1 = at + v.offset(Math.min(l + 1, lines - 1));
            int s2 = at + v.offset(Math.min(l + 2, lines - 1));
            int s3 = at + v.offset(Math.min(l + 3, lines - 1));
            int o = toAt + l / width * width * k + l % width;
            for (int oy = 0; oy < rows; oy++) {
                int d = oy * v.sh() * v.row();
                for (int ox = 0; ox < v.ow(); ox++, d += v.sw(), o += width) {
                    to[o] = x[s0 + d];
                    to[o + 1] = x[s1 + d];
                    to[o + 2] = x[s2 + d];
                    to[o + 3] = x[s3 + d];
                }
            }
        }
    }

    /** Windows over an image without padding: extents and distances. */
    record Windows(int channels, int plane, int row, int kh, int kw, int sh, int sw, int dh, int dw, int ow) {
        /** Elements of a window. */
        int k() {
            return channels * kh * kw;
        }

        /** Where window element k lies. */
        int offset(int k) {
            return k / (kh * kw) * plane + k / kw % kh * dh * row + k % kw * dw;
        }
    }
}

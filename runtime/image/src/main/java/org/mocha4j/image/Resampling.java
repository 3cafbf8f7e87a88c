package org.mocha4j.image;

/** Separable resampling of planes with a triangle, which is widened where it shrinks them. Sums are in double. */
final class Resampling {
    private Resampling() { }

    /** The old elements that make up one new one. */
    private record Weights(int first, double[] values) { }

    static float[] resize(float[] planes, int channels, int height, int width, int newHeight, int newWidth) {
        Weights[] across = weights(width, newWidth);
        Weights[] down = weights(height, newHeight);
        float[] out = new float[Math.multiplyExact(Math.multiplyExact(channels, newHeight), newWidth)];
        float[] rows = new float[Math.multiplyExact(height, newWidth)];
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < newWidth; x++) {
                    rows[y * newWidth + x] = sum(across[x], planes, (c * height + y) * width, 1);
                }
            }
            for (int y = 0; y < newHeight; y++) {
                for (int x = 0; x < newWidth; x++) {
                    out[(c * newHeight + y) * newWidth + x] = sum(down[y], rows, x, newWidth);
                }
            }
        }
        return out;
    }

    private static float sum(Weights w, float[] from, int start, int stride) {
        double sum = 0;
        for (int i = 0; i < w.values.length; i++) {
            sum += w.values[i] * from[start + (w.first + i) * stride];
        }
        return (float) sum;
    }

    private static Weights[] weights(int from, int to) {
        Weights[] all = new Weights[to];
        double scale = (double) from / to;
        double reach = Math.max(1, scale);
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - reach + 0.5));
            int last = Math.min(from, (int) (centre + reach + 0.5));
            double[] w = new double[last - first];
            double sum = 0;
            for (int k = 0; k < w.length; k++) {
                w[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / reach);
                sum += w[k];
            }
            for (int k = 0; k < w.length; k++) {
                w[k] /= sum;
            }
            all[i] = new Weights(first, w);
        }
        return all;
    }
}

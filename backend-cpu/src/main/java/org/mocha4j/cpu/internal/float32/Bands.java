package org.mocha4j.cpu.internal.float32;

import org.mocha4j.cpu.internal.Images;

/**
 * Images cut into bands of output rows. A band with padding is copied with its border of zeros, so that a window is a
 * fixed set of distances in one array.
 */
final class Bands {
    private final Images g;
    private final int channels;
    private final int rows;
    private final int count;
    private final int unit;
    private final boolean copied;
    private final int row;
    private final int plane;
    private final int[] offsets;
    private final int[] places;
    private final Runs runs;

    /**
     * @param channels that are looked at together
     * @param unit     of vectors that are loaded from a band
     */
    Bands(Images g, int channels, int rows, int unit) {
        this.g = g;
        this.channels = channels;
        this.rows = rows;
        this.unit = unit;
        count = (g.oh() + rows - 1) / rows;
        boolean filled = rows * g.ow() % unit == 0 && rows(count - 1) * g.ow() % unit == 0;
        copied = g.ph() > 0 || g.pw() > 0 || !filled || g.ow() % unit != 0 && g.ow() != g.w();
        row = g.w() + 2 * g.pw();
        plane = copied ? high(rows) * row : g.h() * g.w();
        offsets = new int[channels * g.kh() * g.kw()];
        for (int k = 0; k < offsets.length; k++) {
            offsets[k] = k / (g.kh() * g.kw()) * plane + k / g.kw() % g.kh() * g.dh() * row + k % g.kw() * g.dw();
        }
        places = new int[rows * g.ow()];
        for (int q = 0; q < places.length; q++) {
            places[q] = q / g.ow() * g.sh() * row + q % g.ow() * g.sw();
        }
        runs = new Runs(places, unit);
    }

    /** Rows that have about so many places, and fill whole panels where they can. */
    static int rows(Images g, int places, int width) {
        int most = Math.max(1, Math.min(g.oh(), places / g.ow()));
        int best = most;
        for (int r = most; 2 * r > most; r--) {
            if (waste(r * g.ow(), width) < waste(best * g.ow(), width)) {
                best = r;
            }
        }
        return best;
    }

    private static double waste(int places, int width) {
        return (double) Panels.roundUp(places, width) / places;
    }

    private int high(int outputRows) {
        return (outputRows - 1) * g.sh() + (g.kh() - 1) * g.dh() + 1;
    }

    int rows() {
        return rows;
    }

    /** Output rows of a band: fewer in the last. */
    int rows(int band) {
        return Math.min(rows, g.oh() - band * rows);
    }

    int count() {
        return count;
    }

    /** Whether {@link #load} copies. */
    boolean copied() {
        return copied;
    }

    Runs runs() {
        return runs;
    }

    /** Where each window element lies, from the window's first on. */
    int[] offsets() {
        return offsets;
    }

    /** Where the window of each place lies, from the band's first on. */
    int[] places() {
        return places;
    }

    /** Elements of a copied band, with room for vectors that reach beyond it. */
    int size() {
        return copied ? channels * plane + 2 * unit : 0;
    }

    /**
     * Copies a band, if there is padding, or if vectors reach beyond it.
     *
     * @param image where the first channel lies in x
     */
    void load(float[] x, int image, int band, float[] to, int at) {
        if (!copied) {
            return;
        }
        int first = band * rows * g.sh() - g.ph();
        int start = at + unit;
        int height = high(rows(band));
        for (int c = 0; c < channels; c++) {
            for (int r = 0; r < height; r++) {
                int y = first + r;
                int o = start + c * plane + r * row;
                if (y < 0 || y >= g.h()) {
                    java.util.Arrays.fill(to, o, o + row, 0);
                } else {
                    for (int i = 0; i < g.pw(); i++) {
                        to[o + i] = 0;
                        to[o + row - 1 - i] = 0;
                    }
                    System.arraycopy(x, image + (c * g.h() + y) * g.w(), to, o + g.pw(), g.w());
                }
            }
        }
    }

    /** Where the band's first window begins: in what {@link #load} wrote at {@code at} if it is copied, else in x. */
    int start(int image, int band, int at) {
        return copied ? at + unit : image + band * rows * g.sh() * row;
    }
}

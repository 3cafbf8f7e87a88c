package org.mocha4j.cpu.internal.float32;

import java.util.Arrays;

/**
 * Places in an array as runs of neighbours. Where vectors shall be used, each vector of places is put together from at
 * most a few runs: a load from each, of which some lanes are taken.
 */
final class Runs {
    private static final int MOST = 4;

    private final int[] places;
    private final int[] ends;
    private final int[][] starts;
    private final boolean[][] masks;

    /** @param unit elements of a vector; 1 for none */
    Runs(int[] places, int unit) {
        this.places = places;
        ends = new int[places.length];
        for (int q = places.length - 1; q >= 0; q--) {
            boolean last = q + 1 == places.length || places[q + 1] != places[q] + 1;
            ends[q] = last ? q + 1 : ends[q + 1];
        }
        int[][] found = unit == 1 ? null : new int[(places.length + unit - 1) / unit][];
        masks = new boolean[found == null ? 0 : found.length][];
        for (int v = 0; found != null && v < found.length; v++) {
            found[v] = starts(v * unit, unit);
            found = found[v].length > MOST ? null : found;
        }
        starts = found;
        for (int v = 0; starts != null && v < starts.length; v++) {
            masks[v] = mask(v * unit, unit, starts[v]);
        }
    }

    /** Where the first lane of a vector would lie, for each of its runs. Missing lanes belong to the last. */
    private int[] starts(int first, int unit) {
        int[] s = new int[unit];
        int n = 0;
        for (int q = first; q < Math.min(first + unit, places.length); q = ends[q]) {
            s[n++] = places[q] - (q - first);
        }
        return Arrays.copyOf(s, n);
    }

    private boolean[] mask(int first, int unit, int[] s) {
        boolean[] m = new boolean[s.length * unit];
        for (int i = 0; i < m.length; i++) {
            int q = first + i % unit;
            m[i] = q < places.length && places[q] - i % unit == s[i / unit];
        }
        return m;
    }

    /** Whether every vector can be put together. */
    boolean vectors() {
        return starts != null;
    }

    /** Whether loads stay within the places, because each vector is one run. */
    boolean whole() {
        return starts != null && Arrays.stream(starts).allMatch(s -> s.length == 1)
                && places.length % masks.length == 0;
    }

    int[] starts(int vector) {
        return starts[vector];
    }

    /** For each run of a vector, which lanes it has. */
    boolean[] masks(int vector) {
        return masks[vector];
    }

    /** Copies the elements of places q … q+n−1. */
    void copy(float[] x, int at, int q, int n, float[] to, int toAt) {
        for (int i = 0; i < n;) {
            int from = at + places[q + i];
            int length = Math.min(ends[q + i] - q, n) - i;
            if (length >= 8) {
                System.arraycopy(x, from, to, toAt + i, length);
            } else {
                for (int j = 0; j < length; j++) {
                    to[toAt + i + j] = x[from + j];
                }
            }
            i += length;
        }
    }
}

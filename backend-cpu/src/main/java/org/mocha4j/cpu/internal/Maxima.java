package org.mocha4j.cpu.internal;

/**
 * The maxima of the windows of one plane, without vectors and without branches: numbers are compared as integers of the
 * same order. Element e of the window of output q is x[at + table[e · n + q]]; of equal elements the first wins, NaN
 * never wins over a number.
 */
public final class Maxima {
    private Maxima() {
    }

    /**
     * @param best    where the maxima go
     * @param indices where their table entries go; null if nobody wants them
     */
    public static void find(float[] x, int at, int[] table, int elements, int n, float[] best, int bestAt,
                            int[] indices, int indicesAt) {
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

    /** Orders elements as 63-bit numbers: by value, NaN lowest, then the first highest. */
    private static long rank(float v, int e) {
        int bits = Float.floatToRawIntBits(v + 0.0f);
        int key = v == v ? bits ^ (bits >> 31 & Integer.MAX_VALUE) : Integer.MIN_VALUE;
        return ((long) key << 31) + (Integer.MAX_VALUE - e);
    }

    /** As above; 64 bits have no room for the element beside the value, so both are kept. */
    public static void find(double[] x, int at, int[] table, int elements, int n, double[] best, int bestAt,
                            int[] indices, int indicesAt) {
        for (int q = 0; q < n; q++) {
            int index = table[q];
            long max = key(x[at + index]);
            for (int e = 1; e < elements; e++) {
                int i = table[e * n + q];
                long key = key(x[at + i]);
                long wins = (max & ~key | ~(max ^ key) & (max - key)) >> 63;      // −1 where max < key, else 0
                max ^= (max ^ key) & wins;
                index ^= (index ^ i) & (int) wins;
            }
            best[bestAt + q] = x[at + index];
            if (indices != null) {
                indices[indicesAt + q] = index;
            }
        }
    }

    /** Orders numbers by value, NaN lowest. */
    private static long key(double v) {
        long bits = Double.doubleToRawLongBits(v + 0.0);
        return v == v ? bits ^ (bits >> 63 & Long.MAX_VALUE) : Long.MIN_VALUE;
    }
}

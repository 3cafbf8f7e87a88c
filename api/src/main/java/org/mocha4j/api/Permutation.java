package org.mocha4j.api;

/**
 * A random order of n samples, computed element by element without holding it: a Feistel network over the smallest
 * square domain of bits that holds n, with {@link Philox} as round function, walked along its cycle until it falls
 * below n.
 * A true permutation for each (seed, key, epoch), so that every sample comes exactly once in an epoch.
 */
public final class Permutation {
    private static final int ROUNDS = 8;

    private Permutation() {
    }

    /**
     * Where the sample at a place of the order lies. Allocates nothing.
     *
     * @param key   of the data layer, {@link Philox#key} of its name
     * @param place 0 … size−1
     * @return 0 … size−1, each for exactly one place
     */
    public static long at(long seed, long key, long epoch, long size, long place) {
        if (place < 0 || place >= size) {
            throw new IndexOutOfBoundsException("place " + place + " of " + size);
        }
        int half = Math.max(1, (65 - Long.numberOfLeadingZeros(size - 1)) / 2);
        long x = place;
        do {
            x = mix(seed, key, epoch, half, x);
        } while (x >= size || x < 0);
        return x;
    }

    private static long mix(long seed, long key, long epoch, int half, long x) {
        long mask = (1L << half) - 1;
        long left = x >>> half;
        long right = x & mask;
        for (int r = 0; r < ROUNDS; r++) {
            long f = Philox.bits(seed, key + r, epoch, right) & mask;
            long next = left ^ f;
            left = right;
            right = next;
        }
        return left << half | right;
    }
}

package org.mocha4j.api;

/** Random numbers one after the other on the host, from {@link Philox}: for initializers, shuffling, drawing. */
public final class RandomStream {
    private final long seed;
    private final long key;
    private long next;

    /** @param name what the numbers are for; streams of different names are independent */
    public RandomStream(long seed, String name) {
        this.seed = seed;
        this.key = Philox.key(name);
    }

    /** Uniform in [0, 1) with 48 random bits. */
    public double uniform() {
        double high = Philox.bits(seed, key, 0, next++) >>> 8;
        double low = Philox.bits(seed, key, 0, next++) >>> 8;
        return (high + low * 0x1p-24) * 0x1p-24;
    }

    /** Normal with mean 0 and deviation 1. */
    public double normal() {
        double u1 = uniform();
        double u2 = uniform();
        return StrictMath.sqrt(-2 * StrictMath.log(1 - u1)) * StrictMath.cos(2 * StrictMath.PI * u2);
    }

    /** Uniform in 0 … bound−1. */
    public long below(long bound) {
        return Math.min(bound - 1, (long) (uniform() * bound));
    }
}

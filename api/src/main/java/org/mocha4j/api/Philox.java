package org.mocha4j.api;

/**
 * The counter-based generator Philox 4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011).
 * A number depends on (seed, key, step, index) alone, so that every backend, thread count and layout gets the same.
 *
 * <p>Key: {@code seed XOR key}, low word first. Counter: (index/4 low, index/4 high, step low, step high). Element
 * {@code index} takes output word {@code index mod 4}.
 */
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;

    private Philox() {
    }

    /** The 32 random bits of an element. */
    public static int bits(long seed, long key, long step, long index) {
        long block = index >>> 2;
        long k = seed ^ key;
        int c0 = (int) block;
        int c1 = (int) (block >>> 32);
        int c2 = (int) step;
        int c3 = (int) (step >>> 32);
        int k0 = (int) k;
        int k1 = (int) (k >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        return switch ((int) index & 3) {
            case 0 -> c0;
            case 1 -> c1;
            case 2 -> c2;
            default -> c3;
        };
    }

    /** Uniform in [0, 1), a multiple of 2^−24, so exact in float and double. */
    public static double uniform(long seed, long key, long step, long index) {
        return (bits(seed, key, step, index) >>> 8) * 0x1p-24;
    }

    /**
     * A standard normal variate by Box–Muller from elements 2·index and 2·index+1 of key+1, in double:
     * √(−2 ln(1−u₁)) · cos(2π u₂).
     */
    public static double normal(long seed, long key, long step, long index) {
        double u1 = uniform(seed, key + 1, step, 2 * index);
        double u2 = uniform(seed, key + 1, step, 2 * index + 1);
        return StrictMath.sqrt(-2 * StrictMath.log(1 - u1)) * StrictMath.cos(2 * StrictMath.PI * u2);
    }

    /** A key from a name: 64-bit FNV-1a over its UTF-8 bytes, finished by the SplitMix64 mixer. */
    public static long key(String name) {
        long h = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        return mix(h);
    }

    /** The SplitMix64 finisher: a bijection that spreads close inputs. */
    public static long mix(long h) {
        h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
        h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
        return h ^ (h >>> 31);
    }
}

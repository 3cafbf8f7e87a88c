package org.mocha4j.launcher.data;

/**
 * A small generator (SplitMix64) whose stream is a function of its key alone. Only integer arithmetic, IEEE operations
 * and {@link StrictMath} are used, so every JDK on every platform draws the same bits.
 */
final class SampleRandom {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private long state;

    SampleRandom(long seed, long stream, long index) {
        state = mix(mix(mix(seed + GAMMA) ^ (stream + 2 * GAMMA)) ^ (index + 3 * GAMMA));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private long next() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in [low, high). */
    double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** Uniform in 0..bound−1. */
    int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Roughly normal with mean 0 and standard deviation 1, never beyond ±6: the sum of twelve uniforms less six. */
    double bell() {
        double sum = -6;
        for (int k = 0; k < 12; k++) {
            sum += uniform();
        }
        return sum;
    }
}

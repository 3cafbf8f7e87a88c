package org.mocha4j.cpu.internal.fast;

/**
 * Elementary functions for float32 results, in double arithmetic of fixed order: the intrinsics behind Math.exp give
 * other bits in compiled code than in interpreted code on some platforms. Relative error of {@link #exp} below 1e-14.
 */
final class Functions {
    private static final double LOG2E = 1.4426950408889634;
    private static final double LN2_HIGH = 6.93147180369123816490e-01;
    private static final double LN2_LOW = 1.90821492927058770002e-10;

    private Functions() {
    }

    static double exp(double x) {
        if (!(x > -745)) {
            return x != x ? x : 0;
        }
        if (x > 709.5) {
            return Double.POSITIVE_INFINITY;
        }
        double n = Math.floor(x * LOG2E + 0.5);
        double r = (x - n * LN2_HIGH) - n * LN2_LOW;
        double p = 1.0 / 479001600;
        p = p * r + 1.0 / 39916800;
        p = p * r + 1.0 / 3628800;
        p = p * r + 1.0 / 362880;
        p = p * r + 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        int half = (int) n >> 1;
        return p * Double.longBitsToDouble((half + 1023L) << 52)
                * Double.longBitsToDouble(((int) n - half + 1023L) << 52);
    }

    static float sigmoid(float x) {
        return (float) (1 / (1 + exp(-(double) x)));
    }

    static float tanh(float x) {
        double d = x;
        if (d > -1e-4 && d < 1e-4) {
            return (float) (d - d * d * d / 3);
        }
        return (float) (1 - 2 / (exp(2 * d) + 1));
    }

    /** cos 2πt for t in 0 … 1. */
    static double cosTurns(double t) {
        double quarters = Math.rint(4 * t);
        double r = (4 * t - quarters) * (Math.PI / 2);
        double s = r * r;
        double cos = 1 + s * (-1.0 / 2 + s * (1.0 / 24 + s * (-1.0 / 720 + s * (1.0 / 40320 + s * (-1.0 / 3628800
                + s * (1.0 / 479001600))))));
        double sin = r * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880
                + s * (-1.0 / 39916800))))));
        return switch ((int) quarters & 3) {
            case 0 -> cos;
            case 1 -> -sin;
            case 2 -> -cos;
            default -> sin;
        };
    }
}

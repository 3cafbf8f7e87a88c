package org.mocha4j.cpu.internal;

/**
 * Elementary functions in double arithmetic of fixed order: the intrinsics behind Math.exp give other bits in compiled
 * code than in interpreted code on some platforms. Those of a float are rounded once, those of a double are right to some
 * units in the last place.
 */
public final class Functions {
    private static final double LOG2E = 1.4426950408889634;
    private static final double LN2_HIGH = 6.93147180369123816490e-01;
    private static final double LN2_LOW = 1.90821492927058770002e-10;

    private Functions() {
    }

    /** e^x, with a relative error below 1e-15 where it is a normal number; 0 up to −745. */
    public static double exp(double x) {
        if (!(x > -745)) {
            return x != x ? x : 0;
        }
        if (x > 709.782712893384) {
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

    public static float sigmoid(float x) {
        return (float) sigmoid((double) x);
    }

    public static double sigmoid(double x) {
        return 1 / (1 + exp(-x));
    }

    public static float tanh(float x) {
        double d = x;
        if (d > -1e-4 && d < 1e-4) {
            return (float) (d - d * d * d / 3);
        }
        return (float) (1 - 2 / (exp(2 * d) + 1));
    }

    /** By the series of sinh and cosh up to ½, where 1 − 2 / (e^2x + 1) would lose places. */
    public static double tanh(double x) {
        if (!(x > -0.5 && x < 0.5)) {
            return 1 - 2 / (exp(2 * x) + 1);
        }
        double z = x * x;
        double sinh = x + x * z * (1.0 / 6 + z * (1.0 / 120 + z * (1.0 / 5040 + z * (1.0 / 362880
                + z * (1.0 / 39916800 + z * (1.0 / 6227020800L + z * (1.0 / 1307674368000L)))))));
        double cosh = 1 + z * (1.0 / 2 + z * (1.0 / 24 + z * (1.0 / 720 + z * (1.0 / 40320
                + z * (1.0 / 3628800 + z * (1.0 / 479001600 + z * (1.0 / 87178291200L)))))));
        return sinh / cosh;
    }

    /** Of a normal positive number by polynomials in double: log x = e · log 2 + 2 · artanh((m − 1) / (m + 1)). */
    public static float power(float x, double exponent) {
        if (!(x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE)) {
            return (float) Powers.pow(x, exponent);
        }
        int bits = Float.floatToRawIntBits(x);
        int e = (bits >> 23) - 127;
        double m = Float.intBitsToFloat(bits & 0x7fffff | 0x3f800000);
        if (m > 1.4142135) {
            m *= 0.5;
            e++;
        }
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double p = 1.0 / 17;
        p = p * z + 1.0 / 15;
        p = p * z + 1.0 / 13;
        p = p * z + 1.0 / 11;
        p = p * z + 1.0 / 9;
        p = p * z + 1.0 / 7;
        p = p * z + 1.0 / 5;
        p = p * z + 1.0 / 3;
        p = p * z + 1;
        return (float) exp(exponent * (e * 0.6931471805599453 + 2 * s * p));
    }

    public static double power(double x, double exponent) {
        return Powers.pow(x, exponent);
    }

    /** cos 2πt for t in 0 … 1. */
    public static double cosTurns(double t) {
        double quarters = Math.rint(4 * t);
        double r = (4 * t - quarters) * (Math.PI / 2);
        double s = r * r;
        double cos = 1 + s * (-1.0 / 2 + s * (1.0 / 24 + s * (-1.0 / 720 + s * (1.0 / 40320 + s * (-1.0 / 3628800
                + s * (1.0 / 479001600 + s * (-1.0 / 87178291200L + s * (1.0 / 20922789888000L))))))));
        double sin = r * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880
                + s * (-1.0 / 39916800 + s * (1.0 / 6227020800L + s * (-1.0 / 1307674368000L))))))));
        return switch ((int) quarters & 3) {
            case 0 -> cos;
            case 1 -> -sin;
            case 2 -> -cos;
            default -> sin;
        };
    }
}

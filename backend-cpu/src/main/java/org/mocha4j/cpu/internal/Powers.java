package org.mocha4j.cpu.internal;

/**
 * x^e in double: multiplications and a square root where e is a multiple of ½ up to 64, else e^(e·ln x). The library's
 * pow allocates memory on some versions of Java, and its intrinsic need not give the bits of the interpreter.
 */
public final class Powers {
    private static final double LIMIT = 64;

    private Powers() {
    }

    public static double pow(double x, double e) {
        double twice = 2 * Math.abs(e);
        if (twice <= 2 * LIMIT && twice == (int) twice) {
            double p = halves(x, (int) twice);
            return e < 0 ? 1 / p : p;
        }
        double p = StrictMath.exp(e * StrictMath.log(Math.abs(x)));
        boolean whole = e == Math.rint(e);
        boolean odd = whole && Math.abs(e) < 0x1p53 && ((long) e & 1) == 1;
        if (x < 0) {
            return whole ? odd ? -p : p : x == Double.NEGATIVE_INFINITY ? p : Double.NaN;
        }
        return p;
    }

    /** x^(n/2), n at least 0. */
    private static double halves(double x, int n) {
        double result = 1;
        double power = x;
        for (int i = n >> 1; i > 0; i >>= 1) {
            if ((i & 1) == 1) {
                result *= power;
            }
            power *= power;
        }
        if ((n & 1) == 1) {
            result = x == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : result * Math.sqrt(x + 0.0);
        }
        return result;
    }
}

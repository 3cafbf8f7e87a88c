package org.mocha4j.cpu.internal.float32;

import org.mocha4j.cpu.internal.Functions;

/** The inner loops of {@link NeighbourKernels}: every array from index 0 on, so that they are vectorised. */
final class NeighbourLoops {
    private NeighbourLoops() {
    }

    /** out[i] = in[i] + in[i + step] + … of {@code terms} terms, for the first n. */
    static void pass(float[] in, int step, int terms, int n, float[] out, float[] work) {
        if (terms == 1) {
            System.arraycopy(in, 0, out, 0, n);
            return;
        }
        System.arraycopy(in, step, work, 0, n);
        sum(in, work, out, n);
        for (int t = 2; t < terms; t++) {
            System.arraycopy(in, t * step, work, 0, n);
            add(work, out, n);
        }
    }

    private static void sum(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] + b[i];
        }
    }

    private static void add(float[] a, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += a[i];
        }
    }

    static void square(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i] * x[i];
        }
    }

    static void affine(float[] x, float scale, float shift, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = scale * x[i] + shift;
        }
    }

    static void divide(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] / b[i];
        }
    }

    /** dy · y / d. */
    static void share(float[] dy, float[] y, float[] d, float[] share, int n) {
        for (int i = 0; i < n; i++) {
            share[i] = dy[i] * y[i] / d[i];
        }
    }

    /** dy / q − factor · x · s. */
    static void gradient(float[] dy, float[] q, float[] x, float[] s, float factor, float[] dx, int n) {
        for (int i = 0; i < n; i++) {
            dx[i] = dy[i] / q[i] - factor * (x[i] * s[i]);
        }
    }

    /** x to a power; 3/4, 1/2 and 1 by square roots, which are rounded correctly in any code. */
    static void power(float[] x, double exponent, float[] y, int n) {
        if (exponent == 0.75) {
            threeQuarters(x, y, n);
        } else if (exponent == 0.5) {
            squareRoot(x, y, n);
        } else if (exponent == 1) {
            System.arraycopy(x, 0, y, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                y[i] = Functions.power(x[i], exponent);
            }
        }
    }

    private static void threeQuarters(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            float root = (float) Math.sqrt(x[i]);
            y[i] = root * (float) Math.sqrt(root);
        }
    }

    private static void squareRoot(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) Math.sqrt(x[i]);
        }
    }
}

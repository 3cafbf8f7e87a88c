package org.mocha4j.cpu.internal.float32;

import org.mocha4j.api.Op;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;
import org.mocha4j.cpu.internal.Functions;
import org.mocha4j.cpu.internal.Powers;

/** One loop per element-wise op, each plain enough to be vectorised; x, y are the same index range of every array. */
final class FloatLoops {
    private FloatLoops() {
    }

    /** A loop over from … to−1; operands that an op does not have are ignored. */
    @FunctionalInterface
    interface Loop {
        void run(float[] a, float[] b, float[] c, float[] d, float[] y, int from, int to);
    }

    /** The loop of an op; null if there is none. */
    static Loop of(Op op) {
        if (op instanceof Affine f) {
            float scale = (float) f.scale();
            float shift = (float) f.shift();
            return (a, b, c, d, y, from, to) -> affine(a, scale, shift, y, from, to);
        } else if (op instanceof Add) {
            return (a, b, c, d, y, from, to) -> add(a, b, y, from, to);
        } else if (op instanceof Multiply) {
            return (a, b, c, d, y, from, to) -> multiply(a, b, y, from, to);
        } else if (op instanceof Divide) {
            return (a, b, c, d, y, from, to) -> divide(a, b, y, from, to);
        } else if (op instanceof Max) {
            return (a, b, c, d, y, from, to) -> max(a, b, y, from, to);
        } else if (op instanceof Select s) {
            return select(s.comparison());
        } else if (op instanceof Pow p) {
            return pow(p.exponent());
        } else if (op instanceof Dropout o) {
            float ratio = (float) o.ratio();
            float scale = (float) (1 / (1 - o.ratio()));
            return (a, b, c, d, y, from, to) -> dropout(a, b, ratio, scale, y, from, to);
        }
        return unary(op);
    }

    private static Loop unary(Op op) {
        if (op instanceof Exp) {
            return (a, b, c, d, y, from, to) -> exp(a, y, from, to);
        } else if (op instanceof Log) {
            return (a, b, c, d, y, from, to) -> log(a, y, from, to);
        } else if (op instanceof Tanh) {
            return (a, b, c, d, y, from, to) -> tanh(a, y, from, to);
        } else if (op instanceof Abs) {
            return (a, b, c, d, y, from, to) -> abs(a, y, from, to);
        } else if (op instanceof Sign) {
            return (a, b, c, d, y, from, to) -> sign(a, y, from, to);
        } else if (op instanceof Relu) {
            return (a, b, c, d, y, from, to) -> relu(a, y, from, to);
        } else if (op instanceof ReluGradient) {
            return (a, b, c, d, y, from, to) -> reluGradient(a, b, y, from, to);
        } else if (op instanceof Sigmoid) {
            return (a, b, c, d, y, from, to) -> sigmoid(a, y, from, to);
        } else if (op instanceof SigmoidGradient) {
            return (a, b, c, d, y, from, to) -> sigmoidGradient(a, b, y, from, to);
        }
        return null;
    }

    private static Loop select(Select.Comparison comparison) {
        return switch (comparison) {
            case LESS -> FloatLoops::less;
            case LESS_OR_EQUAL -> FloatLoops::lessOrEqual;
            case EQUAL -> FloatLoops::equal;
        };
    }

    private static Loop pow(double exponent) {
        if (exponent == 2) {
            return (a, b, c, d, y, from, to) -> multiply(a, a, y, from, to);
        } else if (exponent == 0.5) {
            return (a, b, c, d, y, from, to) -> squareRoot(a, y, from, to);
        } else if (exponent == -1) {
            return (a, b, c, d, y, from, to) -> reciprocal(a, y, from, to);
        }
        return (a, b, c, d, y, from, to) -> pow(a, exponent, y, from, to);
    }

    private static void affine(float[] a, float scale, float shift, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = scale * a[i] + shift;
        }
    }

    private static void add(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] + b[i];
        }
    }

    private static void multiply(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] * b[i];
        }
    }

    private static void divide(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] / b[i];
        }
    }

    private static void max(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            float v = a[i];
            y[i] = v >= b[i] || v != v ? v : b[i];
        }
    }

    private static void less(float[] a, float[] b, float[] c, float[] d, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] < b[i] ? c[i] : d[i];
        }
    }

    private static void lessOrEqual(float[] a, float[] b, float[] c, float[] d, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] <= b[i] ? c[i] : d[i];
        }
    }

    private static void equal(float[] a, float[] b, float[] c, float[] d, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] == b[i] ? c[i] : d[i];
        }
    }

    private static void squareRoot(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] == Float.NEGATIVE_INFINITY ? Float.POSITIVE_INFINITY : (float) Math.sqrt(a[i] + 0.0f);
        }
    }

    private static void reciprocal(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = 1 / a[i];
        }
    }

    private static void pow(float[] a, double exponent, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = (float) Powers.pow(a[i], exponent);
        }
    }

    private static void exp(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = (float) Functions.exp(a[i]);
        }
    }

    private static void log(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = (float) StrictMath.log(a[i]);
        }
    }

    private static void tanh(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Functions.tanh(a[i]);
        }
    }

    private static void abs(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.abs(a[i]);
        }
    }

    private static void sign(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.signum(a[i]);
        }
    }

    private static void relu(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] < 0 ? 0 : a[i];
        }
    }

    private static void reluGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] > 0 ? b[i] : 0;
        }
    }

    private static void sigmoid(float[] a, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Functions.sigmoid(a[i]);
        }
    }

    private static void sigmoidGradient(float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = b[i] * (a[i] * (1 - a[i]));
        }
    }

    private static void dropout(float[] a, float[] b, float ratio, float scale, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = b[i] > ratio ? a[i] * scale : 0;
        }
    }
}

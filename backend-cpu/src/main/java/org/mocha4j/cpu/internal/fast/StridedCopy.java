package org.mocha4j.cpu.internal.fast;

import java.util.Arrays;
import org.mocha4j.cpu.internal.Walk;

/** A copy between two arrays under strides: neighbouring axes are merged, the innermost becomes one run. */
final class StridedCopy {
    /** An array (float[] or double[]), the strides of the axes, the place of index 0. */
    record Side(Object array, int[] strides, int start) {
        Side from(int axis, int index) {
            return new Side(array, strides, start + index * strides[axis]);
        }
    }

    private final Object from;
    private final Object to;
    private final Walk source;
    private final Walk target;
    private final int count;
    private final int length;
    private final int step;
    private final int toStep;

    StridedCopy(int[] dims, Side from, Side to) {
        int[] d = new int[dims.length];
        int[] s = new int[dims.length];
        int[] t = new int[dims.length];
        int n = 0;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 1) {
                continue;
            }
            if (n > 0 && s[n - 1] == dims[i] * from.strides()[i] && t[n - 1] == dims[i] * to.strides()[i]) {
                d[n - 1] *= dims[i];
            } else {
                d[n++] = dims[i];
            }
            s[n - 1] = from.strides()[i];
            t[n - 1] = to.strides()[i];
        }
        int outer = Math.max(0, n - 1);
        length = n == 0 ? 1 : d[outer];
        step = n == 0 ? 1 : s[outer];
        toStep = n == 0 ? 1 : t[outer];
        this.from = from.array();
        this.to = to.array();
        source = new Walk(Arrays.copyOf(d, outer), Arrays.copyOf(s, outer), from.start());
        target = new Walk(Arrays.copyOf(d, outer), Arrays.copyOf(t, outer), to.start());
        count = source.count();
    }

    void run() {
        source.reset();
        target.reset();
        for (int i = 0; i < count; i++) {
            if (step == 1 && toStep == 1) {
                System.arraycopy(from, source.offset(), to, target.offset(), length);
            } else if (from instanceof float[] x) {
                copy(x, source.offset(), step, (float[]) to, target.offset(), toStep, length);
            } else {
                copy((double[]) from, source.offset(), step, (double[]) to, target.offset(), toStep, length);
            }
            source.next();
            target.next();
        }
    }

    private static void copy(float[] x, int at, int step, float[] y, int to, int toStep, int n) {
        if (step == 0 && toStep == 1) {
            Arrays.fill(y, to, to + n, x[at]);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[to + i * toStep] = x[at + i * step];
        }
    }

    private static void copy(double[] x, int at, int step, double[] y, int to, int toStep, int n) {
        if (step == 0 && toStep == 1) {
            Arrays.fill(y, to, to + n, x[at]);
            return;
        }
        for (int i = 0; i < n; i++) {
            y[to + i * toStep] = x[at + i * step];
        }
    }
}

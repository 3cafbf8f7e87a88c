package org.mocha4j.cpu.internal.float32;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Functions;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;

/** Softmax along an axis, its loss and both gradients; sums in double. */
final class SoftmaxKernels {
    private static final int PART = 4096;

    private final Pool pool;

    private SoftmaxKernels(Pool pool) {
        this.pool = pool;
    }

    static List<Kernel<?>> all(Pool pool) {
        SoftmaxKernels k = new SoftmaxKernels(pool);
        return List.of(k.kernel(Softmax.class, true, (op, r, b) -> k.softmax(b, Lines.of(r, op.axis()))),
                k.kernel(SoftmaxGradient.class, true, (op, r, b) -> k.gradient(b, Lines.of(r, op.axis()))),
                k.kernel(SoftmaxLoss.class, false, (op, r, b) -> k.loss(b, Lines.of(r, op.axis()))),
                k.kernel(SoftmaxLossGradient.class, false, (op, r, b) -> k.lossGradient(b, Lines.of(r, op.axis()))));
    }

    /** Makes the step of an op. */
    @FunctionalInterface
    private interface Binder<O> {
        Step bind(O op, PlanRequest r, Binding b);
    }

    private <O extends Op> Kernel<O> kernel(Class<O> c, boolean inPlace, Binder<O> binder) {
        return Fast.floats(c, (op, r) -> {
            CpuPlan p = new CpuPlan("lines", r.inputs().size(), 1, b -> binder.bind(op, r, b));
            return inPlace ? p.withInPlace((i, o) -> r.inputs().get(i).equals(r.outputs().get(o))) : p;
        });
    }

    /** Lines along one axis: element e of line i is at start(i) + e · inner. */
    private record Lines(int count, int length, int inner) {
        static Lines of(PlanRequest r, int axis) {
            Shape x = r.inputs().get(0).shape();
            int a = x.axis(axis);
            int inner = (int) x.product(a + 1, x.rank());
            return new Lines((int) x.product(0, a) * inner, x.dim(a), inner);
        }

        int start(int line) {
            return line / inner * inner * length + line % inner;
        }

        int each() {
            return Math.max(1, PART / length);
        }

        int parts() {
            return (count + each() - 1) / each();
        }

        int end(int part) {
            return Math.min(count, (part + 1) * each());
        }
    }

    private static float max(float[] x, int at, int n, int step) {
        float max = x[at];
        for (int e = 1; e < n; e++) {
            float v = x[at + e * step];
            max = v > max || v != v ? v : max;
        }
        return max;
    }

    private static double sum(float[] x, int at, int n, int step, double max) {
        double sum = 0;
        for (int e = 0; e < n; e++) {
            sum += Functions.exp(x[at + e * step] - max);
        }
        return sum;
    }

    private Step softmax(Binding b, Lines l) {
        float[] x = b.in(0).floats();
        float[] y = b.out(0).floats();
        return over(l, (i, slot) -> {
            int at = l.start(i);
            double max = max(x, at, l.length(), l.inner());
            double sum = 0;
            for (int e = 0; e < l.length(); e++) {
                int p = at + e * l.inner();
                double v = Functions.exp(x[p] - max);
                sum += v;
                y[p] = (float) v;
            }
            for (int e = 0; e < l.length(); e++) {
                int p = at + e * l.inner();
                y[p] = (float) (y[p] / sum);
            }
        });
    }

    private Step over(Lines l, Region line) {
        Region region = (part, slot) -> {
            for (int i = part * l.each(); i < l.end(part); i++) {
                line.run(i, slot);
            }
        };
        return () -> pool.run(l.parts(), region);
    }

    private Step gradient(Binding b, Lines l) {
        float[] y = b.in(0).floats();
        float[] dy = b.in(1).floats();
        float[] dx = b.out(0).floats();
        return over(l, (i, slot) -> {
            int at = l.start(i);
            double dot = 0;
            for (int e = 0; e < l.length(); e++) {
                dot += (double) y[at + e * l.inner()] * dy[at + e * l.inner()];
            }
            for (int e = 0; e < l.length(); e++) {
                int p = at + e * l.inner();
                dx[p] = (float) (y[p] * (dy[p] - dot));
            }
        });
    }

    private Step loss(Binding b, Lines l) {
        float[] x = b.in(0).floats();
        float[] labels = b.in(1).floats();
        float[] y = b.out(0).floats();
        double[] sums = new double[l.parts()];
        Region region = (part, slot) -> {
            double total = 0;
            for (int i = part * l.each(); i < l.end(part); i++) {
                int at = l.start(i);
                double max = max(x, at, l.length(), l.inner());
                total += StrictMath.log(sum(x, at, l.length(), l.inner(), max));
                int label = (int) labels[i];
                if (label >= 0 && label < l.length() && label == labels[i]) {
                    total -= x[at + label * l.inner()] - max;
                }
            }
            sums[part] = total;
        };
        return () -> {
            check(labels, l, b);
            pool.run(sums.length, region);
            double total = 0;
            for (double s : sums) {
                total += s;
            }
            y[0] = (float) (total / l.count());
        };
    }

    /** In order and by one thread, so that the first bad label is reported. */
    private static void check(float[] labels, Lines l, Binding b) {
        for (int i = 0; i < l.count(); i++) {
            float v = labels[i];
            if (!(v >= 0 && v < l.length() && v == (int) v)) {
                Status.report(b.status(), Status.BAD_LABEL, i, v);
                return;
            }
        }
    }

    private Step lossGradient(Binding b, Lines l) {
        float[] x = b.in(0).floats();
        float[] labels = b.in(1).floats();
        float[] d = b.in(2).floats();
        float[] dx = b.out(0).floats();
        return over(l, (i, slot) -> {
            int at = l.start(i);
            double max = max(x, at, l.length(), l.inner());
            double sum = sum(x, at, l.length(), l.inner(), max);
            double scale = (double) d[0] / l.count();
            for (int e = 0; e < l.length(); e++) {
                int p = at + e * l.inner();
                double v = Functions.exp(x[p] - max) / sum;
                dx[p] = (float) ((v - (labels[i] == e ? 1 : 0)) * scale);
            }
        });
    }
}

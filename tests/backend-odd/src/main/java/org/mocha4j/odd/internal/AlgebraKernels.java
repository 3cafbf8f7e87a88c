package org.mocha4j.odd.internal;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.Reduce;

/** Matrix products and reductions of plain tensors, summed up in double. */
final class AlgebraKernels {
    private AlgebraKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(MatMul.class, AlgebraKernels::product),
                new OddKernel<>(Reduce.class, AlgebraKernels::reduce));
    }

    private static Offer product(MatMul op, PlanRequest r) {
        Shape a = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        int batch = (int) y.product(0, y.rank() - 2);
        int m = y.dim(-2);
        int n = y.dim(-1);
        int k = a.dim(op.transposeA() ? -2 : -1);
        int aRow = op.transposeA() ? 1 : k;
        int aColumn = op.transposeA() ? m : 1;
        int bRow = op.transposeB() ? 1 : n;
        int bColumn = op.transposeB() ? k : 1;
        return OddPlan.plain("dot", r, b -> {
            Memory p = OddPlan.in(b, 0);
            Memory q = OddPlan.in(b, 1);
            Memory out = OddPlan.out(b, 0);
            return () -> {
                for (int i = 0; i < batch * m; i++) {
                    int pa = i / m * m * k + i % m * aRow;
                    int pb = i / m * k * n;
                    for (int j = 0; j < n; j++) {
                        double sum = 0;
                        for (int l = 0; l < k; l++) {
                            sum += p.get(pa + l * aColumn) * q.get(pb + l * bRow + j * bColumn);
                        }
                        out.set(i * n + j, sum);
                    }
                }
            };
        });
    }

    private static Offer reduce(Reduce op, PlanRequest r) {
        if (op.kind() == Reduce.Kind.MAX && op.axes().size() > 1) {
            return new Refusal("MAX takes one axis, found " + op.axes());
        }
        Reduction loops = Reduction.of(r.inputs().get(0).shape(), op.axes(), op.kind());
        return OddPlan.plain("reduce " + op.kind(), r, b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            return () -> loops.run(x, y);
        });
    }

    /** Loops over the axes that stay, and inside over those that go; strides of x. */
    private record Reduction(Reduce.Kind kind, int[] kept, int[] keptStrides, int[] gone, int[] goneStrides) {
        static Reduction of(Shape x, List<Integer> axes, Reduce.Kind kind) {
            int[] all = x.strides();
            int[] stay = java.util.stream.IntStream.range(0, x.rank()).filter(i -> !axes.contains(i)).toArray();
            int[] go = axes.stream().mapToInt(Integer::intValue).toArray();
            return new Reduction(kind, pick(x.dims(), stay), pick(all, stay), pick(x.dims(), go), pick(all, go));
        }

        private static int[] pick(int[] from, int[] at) {
            return java.util.Arrays.stream(at).map(i -> from[i]).toArray();
        }

        void run(Memory x, Memory y) {
            outer(x, y, 0, 0, 0);
        }

        private int outer(Memory x, Memory y, int axis, int i, int next) {
            if (axis == kept.length) {
                y.set(next, kind == Reduce.Kind.SUM || gone.length == 0 ? sum(x, 0, i) : max(x, i));
                return next + 1;
            }
            int o = next;
            for (int k = 0; k < kept[axis]; k++) {
                o = outer(x, y, axis + 1, i + k * keptStrides[axis], o);
            }
            return o;
        }

        private double sum(Memory x, int axis, int i) {
            if (axis == gone.length) {
                return x.get(i);
            }
            double s = 0;
            for (int k = 0; k < gone[axis]; k++) {
                s += sum(x, axis + 1, i + k * goneStrides[axis]);
            }
            return s;
        }

        private double max(Memory x, int i) {
            double best = x.get(i);
            int at = 0;
            for (int k = 1; k < gone[0] && best == best; k++) {
                double v = x.get(i + k * goneStrides[0]);
                if (v > best || v != v) {
                    best = v;
                    at = k;
                }
            }
            return kind == Reduce.Kind.MAX ? best : at;
        }
    }
}

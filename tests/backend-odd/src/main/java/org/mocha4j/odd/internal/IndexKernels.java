package org.mocha4j.odd.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Cast;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.ScatterAdd;

/** Look-ups, checks, casts and random numbers, all of plain tensors. */
final class IndexKernels {
    private IndexKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(Gather.class, IndexKernels::gather),
                new OddKernel<>(ScatterAdd.class, IndexKernels::scatter),
                new OddKernel<>(Check.class, IndexKernels::check),
                new OddKernel<>(Cast.class, IndexKernels::cast),
                new OddKernel<>(Random.class, IndexKernels::random));
    }

    private static boolean whole(double v, int limit) {
        return v >= 0 && v < limit && v == Math.rint(v);
    }

    /** The first report stays. */
    static void report(Memory status, long code, long index, double value) {
        if (status.word(0) == Status.OK) {
            status.word(2, index);
            status.word(3, Double.doubleToRawLongBits(value));
            status.word(0, code);
        }
    }

    private static Offer gather(Gather op, PlanRequest r) {
        Shape table = r.inputs().get(0).shape();
        int row = (int) table.product(1, table.rank());
        int n = (int) r.inputs().get(1).elements();
        return OddPlan.plain("gather", r, b -> {
            Memory t = OddPlan.in(b, 0);
            Memory index = OddPlan.in(b, 1);
            Memory y = OddPlan.out(b, 0);
            Memory status = Arenas.memory(b.status());
            return () -> {
                for (int i = 0; i < n; i++) {
                    double v = index.get(i);
                    boolean good = whole(v, table.dim(0));
                    if (!good) {
                        report(status, Status.BAD_INDEX, i, v);
                    }
                    int from = good ? (int) v * row : 0;
                    for (int k = 0; k < row; k++) {
                        y.set(i * row + k, t.get(from + k));
                    }
                }
            };
        });
    }

    private static Offer scatter(ScatterAdd op, PlanRequest r) {
        int n = (int) r.inputs().get(0).elements();
        int row = n == 0 ? 0 : (int) (r.inputs().get(1).elements() / n);
        return OddPlan.plain("scatter-add", r, b -> {
            Memory index = OddPlan.in(b, 0);
            Memory x = OddPlan.in(b, 1);
            Memory y = OddPlan.out(b, 0);
            Memory status = Arenas.memory(b.status());
            return () -> {
                y.clear();
                for (int i = 0; i < n; i++) {
                    double v = index.get(i);
                    if (!whole(v, op.size())) {
                        report(status, Status.BAD_INDEX, i, v);
                        continue;
                    }
                    for (int k = 0; k < row; k++) {
                        int to = (int) v * row + k;
                        y.set(to, y.get(to) + x.get(i * row + k));
                    }
                }
            };
        });
    }

    private static Offer check(Check op, PlanRequest r) {
        boolean label = op.kind() == Check.Kind.LABEL;
        int n = (int) r.inputs().get(0).elements();
        return OddPlan.plain("check", r, b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            Memory status = Arenas.memory(b.status());
            return () -> {
                for (int i = 0; i < n; i++) {
                    double v = x.get(i);
                    if (label ? !whole(v, op.limit()) : !Double.isFinite(v)) {
                        report(status, label ? Status.BAD_LABEL : Status.NOT_FINITE, i, v);
                    }
                    y.set(i, v);
                }
            };
        }).withInPlace(Set.of(List.of(0, 0)));
    }

    private static Offer cast(Cast op, PlanRequest r) {
        Strided s = Strided.flat((int) r.outputs().get(0).elements());
        return OddPlan.plain("cast", r, b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            return () -> s.run(x, y);
        });
    }

    private static Offer random(Random op, PlanRequest r) {
        Distribution d = op.distribution();
        boolean uniform = d.kind() == Distribution.Kind.UNIFORM;
        double width = uniform ? d.b() - d.a() : d.b();
        int n = (int) op.spec().elements();
        return OddPlan.plain("philox", r, b -> {
            Memory counters = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            return () -> {
                long seed = counters.word(0);
                long step = counters.word(1);
                for (int i = 0; i < n; i++) {
                    double u = uniform ? Philox.uniform(seed, op.key(), step, i)
                            : Philox.normal(seed, op.key(), step, i);
                    y.set(i, d.a() + width * u);
                }
            };
        });
    }
}

package org.mocha4j.cpu.internal.reference;

import static org.mocha4j.cpu.internal.reference.Reference.count;
import static org.mocha4j.cpu.internal.reference.Reference.kernel;

import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.cpu.internal.Walk;

/** Reductions, matrix products, random numbers. Sums are taken in double. */
final class SumLoops {
    private SumLoops() {
    }

    static List<Kernel<?>> kernels() {
        return List.of(kernel(Reduce.class, SumLoops::reduce), kernel(MatMul.class, SumLoops::matMul),
                kernel(Random.class, SumLoops::random));
    }

    private static Step reduce(Reduce op, PlanRequest r, Binding b) {
        Shape x = r.inputs().get(0).shape();
        int[] strides = x.strides();
        int[] kept = x.dims();
        int[] reduced = x.dims();
        for (int i = 0; i < x.rank(); i++) {
            if (op.axes().contains(i)) {
                kept[i] = 1;
            } else {
                reduced[i] = 1;
            }
        }
        Walk outer = new Walk(kept, strides, 0);
        Walk inner = new Walk(reduced, strides, 0);
        Reals in = Reals.of(b.in(0));
        Reals out = Reals.of(b.out(0));
        int n = outer.count();
        int m = inner.count();
        return () -> {
            outer.reset();
            for (int i = 0; i < n; i++) {
                inner.reset();
                double sum = 0;
                double best = Double.NaN;
                int at = 0;
                for (int j = 0; j < m; j++) {
                    double v = in.at(outer.offset() + inner.offset());
                    sum += v;
                    if (j == 0 || best == best && !(v <= best)) {
                        best = v;
                        at = j;
                    }
                    inner.next();
                }
                out.set(i, switch (op.kind()) {
                    case SUM -> sum;
                    case MAX -> best;
                    case ARG_MAX -> at;
                });
                outer.next();
            }
        };
    }

    private static Step matMul(MatMul op, PlanRequest r, Binding b) {
        Shape y = r.outputs().get(0).shape();
        int m = y.dim(-2);
        int n = y.dim(-1);
        int k = r.inputs().get(0).shape().dim(op.transposeA() ? -2 : -1);
        int batch = (int) y.product(0, y.rank() - 2);
        int rowA = op.transposeA() ? 1 : k;
        int stepA = op.transposeA() ? m : 1;
        int columnB = op.transposeB() ? k : 1;
        int stepB = op.transposeB() ? 1 : n;
        Reals a = Reals.of(b.in(0));
        Reals c = Reals.of(b.in(1));
        Reals out = Reals.of(b.out(0));
        return () -> {
            for (int s = 0; s < batch; s++) {
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        double sum = 0;
                        for (int p = 0; p < k; p++) {
                            sum += a.at(s * m * k + i * rowA + p * stepA) * c.at(s * k * n + j * columnB + p * stepB);
                        }
                        out.set((s * m + i) * n + j, sum);
                    }
                }
            }
        };
    }

    private static Step random(Random op, PlanRequest r, Binding b) {
        long[] counters = b.in(0).longs();
        Reals y = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        Distribution d = op.distribution();
        boolean uniform = d.kind() == Distribution.Kind.UNIFORM;
        double factor = uniform ? d.b() - d.a() : d.b();
        return () -> {
            for (int i = 0; i < n; i++) {
                double v = uniform ? Philox.uniform(counters[0], op.key(), counters[1], i)
                        : Philox.normal(counters[0], op.key(), counters[1], i);
                y.set(i, d.a() + factor * v);
            }
        };
    }

}

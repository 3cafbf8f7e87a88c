package org.mocha4j.cpu.internal.reference;

import static org.mocha4j.cpu.internal.reference.Reference.count;
import static org.mocha4j.cpu.internal.reference.Reference.kernel;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRNGradient;
import org.mocha4j.cpu.internal.Powers;

/** Local response normalisation and its gradient. Sums are taken in double. */
final class NeighbourLoops {
    private NeighbourLoops() {
    }

    static List<Kernel<?>> kernels() {
        return List.of(kernel(LRN.class, NeighbourLoops::forward), kernel(LRNGradient.class, NeighbourLoops::backward));
    }

    /** The elements as planes h × w, in which a neighbourhood is high × wide. */
    private record Planes(LRN op, int h, int w, int high, int wide) {
        static Planes of(LRN op, Shape s) {
            boolean across = op.mode() == LRN.Mode.ACROSS_CHANNEL;
            return across ? new Planes(op, s.dim(1), (int) s.product(2, s.rank()), op.size(), 1)
                    : new Planes(op, s.dim(2), s.dim(3), op.size(), op.size());
        }

        /** The sum over {@code before} elements before an element, itself and those after it, along each axis. */
        double sum(IntToDoubleFunction v, int at, int before) {
            int x = at % w;
            int y = at / w % h;
            int left = wide == 1 ? 0 : before;
            double sum = 0;
            for (int i = Math.max(0, y - before); i < Math.min(h, y - before + high); i++) {
                for (int j = Math.max(0, x - left); j < Math.min(w, x - left + wide); j++) {
                    sum += v.applyAsDouble(at + (i - y) * w + j - x);
                }
            }
            return sum;
        }

        double denominator(IntToDoubleFunction squares, int at) {
            return op.shift() + op.scale() / op.neighbours() * sum(squares, at, op.before());
        }
    }

    private static Step forward(LRN op, PlanRequest r, Binding b) {
        Planes p = Planes.of(op, r.inputs().get(0).shape());
        Reals x = Reals.of(b.in(0));
        Reals y = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        IntToDoubleFunction squares = i -> x.at(i) * x.at(i);
        return () -> {
            for (int i = 0; i < n; i++) {
                y.set(i, x.at(i) / Powers.pow(p.denominator(squares, i), op.power()));
            }
        };
    }

    private static Step backward(LRNGradient op, PlanRequest r, Binding b) {
        Planes p = Planes.of(op.forward(), r.inputs().get(0).shape());
        Reals x = Reals.of(b.in(0));
        Reals y = Reals.of(b.in(1));
        Reals dy = Reals.of(b.in(2));
        Reals dx = Reals.of(b.out(0));
        int n = count(r.outputs().get(0));
        double[] d = new double[n];
        IntToDoubleFunction squares = i -> x.at(i) * x.at(i);
        IntToDoubleFunction shares = i -> dy.at(i) * y.at(i) / d[i];
        return () -> {
            for (int i = 0; i < n; i++) {
                d[i] = p.denominator(squares, i);
            }
            for (int i = 0; i < n; i++) {
                double share = p.sum(shares, i, op.forward().after());
                dx.set(i, dy.at(i) / Powers.pow(d[i], op.forward().power()) - op.factor() * x.at(i) * share);
            }
        };
    }
}

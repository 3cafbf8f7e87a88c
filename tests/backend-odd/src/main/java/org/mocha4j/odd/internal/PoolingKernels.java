package org.mocha4j.odd.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;

/** Pooling of padded NHWC images. The maximum saves where it found it, and its gradient reads nothing else. */
final class PoolingKernels {
    private static final String SAVING = "max, saves positions";

    private PoolingKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(Pooling.class, PoolingKernels::forward),
                new OddKernel<>(PoolingGradient.class, PoolingKernels::gradient));
    }

    private static boolean refused(Pooling op) {
        return op.kind() == Pooling.Kind.MEAN && op.divisor() == Pooling.Divisor.VALID;
    }

    private static Offer forward(Pooling op, PlanRequest r) {
        if (refused(op)) {
            return new Refusal("divisor must be KERNEL or PADDED, found VALID");
        }
        Loops l = new Loops(op, r.inputs().get(0).shape(), r.outputs().get(0).shape());
        boolean max = op.kind() == Pooling.Kind.MAX;
        boolean saves = max && r.saves();
        OddPlan p = new OddPlan(saves ? SAVING : max ? "max" : "mean", List.of(Padded.IMAGES),
                List.of(Padded.IMAGES), b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            Memory at = saves ? Arenas.memory(b.saved()) : null;
            return () -> l.forward(x, y, at);
        });
        Workspace positions = new Workspace(DataType.INT32, Padded.IMAGES.elements(r.outputs().get(0)));
        return saves ? p.with(new OddPlan.Traits(positions, false, Set.of(), Set.of(), false)) : p;
    }

    private static Offer gradient(PoolingGradient op, PlanRequest r) {
        boolean max = op.forward().kind() == Pooling.Kind.MAX;
        if (refused(op.forward())) {
            return new Refusal("divisor must be KERNEL or PADDED, found VALID");
        }
        boolean saved = r.forward().filter(p -> p.kernel().equals(SAVING)).isPresent();
        if (max && !saved) {
            return new Refusal("the gradient of the maximum reads the positions that the forward kernel saved, found "
                    + r.forward().map(p -> "a forward plan " + p.kernel()).orElse("no forward plan"));
        }
        Loops l = new Loops(op.forward(), r.inputs().get(0).shape(), r.inputs().get(1).shape());
        return new OddPlan(max ? "max gradient" : "mean gradient", List.of(Layout.ANY, Layout.ANY, Padded.IMAGES),
                List.of(Padded.IMAGES), b -> gradient(l, b, max))
                .with(new OddPlan.Traits(Workspace.NONE, max, Set.of(0, 1), Set.of(), false));
    }

    private static Runnable gradient(Loops l, Binding b, boolean max) {
        Memory dy = OddPlan.in(b, 2);
        Memory dx = OddPlan.out(b, 0);
        Memory at = max ? Arenas.memory(b.saved()) : null;
        return () -> l.gradient(dy, dx, at);
    }


    private record Loops(Pooling op, Shape x, Shape y, int[] xs, int lanes) {
        Loops(Pooling op, Shape x, Shape y) {
            this(op, x, y, Padded.IMAGES.strides(x), Padded.IMAGES.lanes(x.dim(1)));
        }

        void forward(Memory in, Memory out, Memory at) {
            int places = y.dim(0) * y.dim(2) * y.dim(3);
            for (int i = 0; i < places * lanes; i++) {
                int c = i % lanes;
                if (c >= x.dim(1)) {
                    out.set(i, 0);
                } else if (op.kind() == Pooling.Kind.MEAN) {
                    out.set(i, sum(in, i / lanes, c) / divisor(i / lanes));
                } else {
                    int p = best(in, i / lanes, c);
                    out.set(i, p < 0 ? Double.NaN : in.get(p));
                    if (at != null) {
                        at.set(i, p);
                    }
                }
            }
        }

        void gradient(Memory dy, Memory dx, Memory at) {
            dx.clear();
            int places = y.dim(0) * y.dim(2) * y.dim(3);
            for (int i = 0; i < places * lanes; i++) {
                int c = i % lanes;
                if (c >= x.dim(1)) {
                    continue;
                }
                if (at == null) {
                    spread(dx, i / lanes, c, dy.get(i) / divisor(i / lanes));
                } else if (at.get(i) >= 0) {
                    int p = (int) at.get(i);
                    dx.set(p, dx.get(p) + dy.get(i));
                }
            }
        }

        private int divisor(int place) {
            return op.divisor(place / y.dim(3) % y.dim(2), place % y.dim(3), x.dim(2), x.dim(3));
        }

        private int top(int place) {
            return place / y.dim(3) % y.dim(2) * op.window().stride().h() - op.window().pad().h();
        }

        private int left(int place) {
            return place % y.dim(3) * op.window().stride().w() - op.window().pad().w();
        }

        private int base(int place, int c) {
            return place / (y.dim(2) * y.dim(3)) * xs[0] + c;
        }

        private double sum(Memory in, int place, int c) {
            double s = 0;
            Window w = op.window();
            for (int i = Math.max(0, top(place)); i < Math.min(x.dim(2), top(place) + w.kernel().h()); i++) {
                for (int j = Math.max(0, left(place)); j < Math.min(x.dim(3), left(place) + w.kernel().w()); j++) {
                    s += in.get(base(place, c) + i * xs[2] + j * xs[3]);
                }
            }
            return s;
        }

        private void spread(Memory dx, int place, int c, double v) {
            Window w = op.window();
            for (int i = Math.max(0, top(place)); i < Math.min(x.dim(2), top(place) + w.kernel().h()); i++) {
                for (int j = Math.max(0, left(place)); j < Math.min(x.dim(3), left(place) + w.kernel().w()); j++) {
                    int p = base(place, c) + i * xs[2] + j * xs[3];
                    dx.set(p, dx.get(p) + v);
                }
            }
        }

        /** The first maximum; the first element where all are NaN; −1 where the window holds nothing. */
        private int best(Memory in, int place, int c) {
            int best = -1;
            Window w = op.window();
            for (int i = Math.max(0, top(place)); i < Math.min(x.dim(2), top(place) + w.kernel().h()); i++) {
                for (int j = Math.max(0, left(place)); j < Math.min(x.dim(3), left(place) + w.kernel().w()); j++) {
                    int p = base(place, c) + i * xs[2] + j * xs[3];
                    double v = in.get(p);
                    if (best < 0 || v > in.get(best) || in.get(best) != in.get(best) && v == v) {
                        best = p;
                    }
                }
            }
            return best;
        }
    }
}

package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/**
 * Pooling. A maximum keeps where it was for its gradient, which reads nothing but that and dy; a gradient without it looks
 * for the maxima again. Gradients gather, so that their sums have an order.
 */
final class PoolingKernels {
    private PoolingKernels() {
    }

    private static final int PLACE_BYTES = 4;

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(Pooling.class, PoolingKernels::forward),
                new CudaKernel<>(PoolingGradient.class, PoolingKernels::backward));
    }

    private static Arguments geometry(long n, Pooling op, Spec x, Spec y) {
        Window w = op.window();
        Shape i = x.shape();
        return new Arguments().whole(n).structure((long) i.dim(0) * i.dim(1), i.dim(2), i.dim(3), y.shape().dim(2),
                y.shape().dim(3), w.kernel().h(), w.kernel().w(), w.stride().h(), w.stride().w(), w.pad().h(), w.pad().w(),
                divisor(op));
    }

    /** As {@code pooling.cu} numbers them; a maximum has none. */
    private static int divisor(Pooling op) {
        if (op.kind() == Pooling.Kind.MAX) {
            return 0;
        }
        return switch (op.divisor()) {
            case KERNEL -> 0;
            case PADDED -> 1;
            case VALID -> 2;
        };
    }

    private static Offer forward(Pooling op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        Spec y = r.outputs().get(0);
        long n = y.elements();
        Source s = Source.file("pooling", r.type());
        if (op.kind() == Pooling.Kind.MEAN) {
            return CudaPlan.of("means", r, (b, out) -> out.add(Launch.each(s, "means", n,
                    geometry(n, op, x, y).pointer(b.inputs().get(0)).pointer(b.outputs().get(0)))));
        }
        CudaPlan p = CudaPlan.of(r.saves() ? "maxima+places" : "maxima", r, (b, out) -> out.add(Launch.each(s, "maxima", n,
                geometry(n, op, x, y).pointer(b.inputs().get(0)).pointer(b.outputs().get(0)).optional(b.saved()))));
        return r.saves() ? p.withSaved(PLACE_BYTES * n) : p;
    }

    private static Offer backward(PoolingGradient g, PlanRequest r) {
        Pooling op = g.forward();
        Spec x = r.inputs().get(0);
        Spec y = r.inputs().get(2);
        long n = x.elements();
        Source s = Source.file("pooling", r.type());
        if (op.kind() == Pooling.Kind.MEAN) {
            return CudaPlan.of("means", r, (b, out) -> out.add(Launch.each(s, "means_gradient", n,
                    geometry(n, op, x, y).pointer(b.inputs().get(2)).pointer(b.outputs().get(0))))).withUnread(Set.of(0, 1));
        }
        boolean saved = r.forward().map(p -> p.saved().elements() > 0).orElse(false);
        CudaPlan p = CudaPlan.of("maxima", r, (b, out) -> {
            Buffer where = saved ? b.saved() : b.scratch();
            if (y.elements() == 0 || n == 0) {
                return;
            }
            if (!saved) {
                out.add(Launch.each(s, "maxima", y.elements(), geometry(y.elements(), op, x, y).pointer(b.inputs().get(0))
                        .optional(null).pointer(where)));
            }
            out.add(Launch.each(s, "maxima_gradient", n, geometry(n, op, x, y).pointer(where).pointer(b.inputs().get(2))
                    .pointer(b.outputs().get(0))));
        });
        return saved ? p.readingSaved(Set.of(0, 1)) : p.withUnread(Set.of(1)).withScratch(PLACE_BYTES * y.elements());
    }
}

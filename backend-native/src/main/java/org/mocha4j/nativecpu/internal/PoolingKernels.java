package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;

/**
 * Pooling, along channels where they come last, else along rows. A maximum keeps where it was, one byte per output, for
 * its gradient, which reads nothing but that and dy; a gradient without it looks for the maxima again.
 */
final class PoolingKernels {
    private final NativeDevice device;

    private PoolingKernels(NativeDevice device) {
        this.device = device;
    }

    static List<Kernel<?>> all(NativeDevice device) {
        PoolingKernels k = new PoolingKernels(device);
        return List.of(new NativeKernel<>(Pooling.class, k::forward),
                new NativeKernel<>(PoolingGradient.class, k::backward));
    }

    private Offer forward(Pooling op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        Spec y = r.outputs().get(0);
        boolean last = Nhwc.last(x, r.layouts().get(0));
        boolean saves = r.saves() && op.kind() == Pooling.Kind.MAX;
        Code code = code("pooling", op, x, y, last).flag(saves).code();
        NativePlan p = NativePlan.of(saves ? "maxima+places" : name(op), code, r, Nhwc.of(x, last), Nhwc.of(y, last))
                .withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
        return saves ? p.withSaved(Workspaces.bytes(device.info(code).savedBytes())) : p;
    }

    private Offer backward(PoolingGradient g, PlanRequest r) {
        Pooling op = g.forward();
        Spec x = r.inputs().get(0);
        Spec y = r.inputs().get(2);
        if (op.kind() == Pooling.Kind.MEAN) {
            boolean last = r.forward().map(p -> Nhwc.last(x, p.inputs().get(0)))
                    .orElseGet(() -> Nhwc.last(y, r.layouts().get(2)) || Nhwc.same(y.shape()) && x.shape().dim(1) > 1);
            Code code = code("pooling gradient", op, x, y, last).flag(false).code();
            return plan(op, code, r, last, Layout.ANY).withUnread(Set.of(0, 1));
        }
        NativePlan forward = r.forward().orElse(null) instanceof NativePlan p && p.saved().elements() > 0 ? p : null;
        boolean last = forward == null ? Nhwc.last(x, r.layouts().get(0)) : Nhwc.last(x, forward.inputs().get(0));
        Code code = code("pooling gradient", op, x, y, last).flag(forward != null).code();
        if (forward != null) {
            return plan(op, code, r, last, Layout.ANY).readingSaved(Set.of(0, 1));
        }
        return plan(op, code, r, last, Nhwc.of(x, last)).withUnread(Set.of(1));
    }

    private NativePlan plan(Pooling op, Code code, PlanRequest r, boolean last, Layout x) {
        return new NativePlan(name(op), code, List.of(x, Layout.ANY, Nhwc.of(r.inputs().get(2), last)),
                List.of(Nhwc.of(r.outputs().get(0), last)), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
    }

    private static String name(Pooling op) {
        return op.kind() == Pooling.Kind.MAX ? "maxima" : "means";
    }

    private static Code.Writer code(String name, Pooling op, Spec x, Spec y, boolean last) {
        return Code.of(name, x.type()).whole(op.kind() == Pooling.Kind.MAX ? 0 : 1, divisor(op)).flag(last)
                .shape(x.shape()).shape(y.shape()).window(op.window());
    }

    /** As {@code pooling.cpp} numbers them; a maximum has none. */
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
}

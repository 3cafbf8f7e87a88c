package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Reduce;

/** Sums and maxima over axes, and biases, whose gradient is a sum; plain and with channels last, without reorders. */
final class ReduceKernels {
    private ReduceKernels() {
    }

    static List<Kernel<?>> all(NativeDevice device) {
        return List.of(new NativeKernel<>(Reduce.class, (op, r) -> reduce(device, op, r)),
                new NativeKernel<>(Bias.class, ReduceKernels::bias));
    }

    private static Offer reduce(NativeDevice device, Reduce op, PlanRequest r) {
        if (op.kind() == Reduce.Kind.MAX && op.axes().size() > 1) {
            return new Refusal("a maximum over one axis expected, found " + op.axes());
        }
        Spec x = r.inputs().get(0);
        Layout in = Layouts.readable(r.layouts().get(0));
        int[] order = Layouts.order(x.shape(), in);
        String name = switch (op.kind()) {
            case SUM -> "sum";
            case MAX -> "max";
            case ARG_MAX -> "arg max";
        };
        Code.Writer w = Code.of(name, r.type()).whole(order.length);
        for (int a : order) {
            w.whole(x.shape().dim(a));
        }
        w.whole(order.length);
        for (int a : order) {
            w.flag(op.axes().contains(a));
        }
        Code code = w.code();
        return NativePlan.of(name, code, r, in, Layouts.like(in, r.outputs().get(0)))
                .withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
    }

    private static Offer bias(Bias op, PlanRequest r) {
        Shape s = r.inputs().get(0).shape();
        Layout l = Layouts.readable(r.layouts().get(0));
        int axis = s.axis(op.axis());
        long outer = 1;
        long inner = 1;
        boolean after = false;
        for (int a : Layouts.order(s, l)) {
            if (a == axis) {
                after = true;
            } else if (after) {
                inner *= s.dim(a);
            } else {
                outer *= s.dim(a);
            }
        }
        Code code = Code.of("bias", r.type()).whole(outer, s.dim(axis), inner).code();
        return new NativePlan("bias", code, List.of(l, Layout.PLAIN), List.of(l), NativePlan.Traits.NONE)
                .withInPlace(Set.of(List.of(0, 0)));
    }
}

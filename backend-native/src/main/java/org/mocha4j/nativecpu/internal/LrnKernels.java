package org.mocha4j.nativecpu.internal;

import java.util.List;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRNGradient;

/**
 * Local response normalisation row by row: sums of squares along columns, then along the row, then the power. The
 * gradient computes the denominators again, which is faster than to read them, and keeps as many rows as a
 * neighbourhood is high.
 */
final class LrnKernels {
    private final NativeDevice device;

    private LrnKernels(NativeDevice device) {
        this.device = device;
    }

    static List<Kernel<?>> all(NativeDevice device) {
        LrnKernels k = new LrnKernels(device);
        return List.of(new NativeKernel<>(LRN.class, (op, r) -> k.plan("lrn", op, r)),
                new NativeKernel<>(LRNGradient.class, (op, r) -> k.plan("lrn gradient", op.forward(), r)));
    }

    private Offer plan(String name, LRN op, PlanRequest r) {
        Spec x = r.outputs().get(0);
        boolean last = r.layouts().stream().anyMatch(Nhwc.NHWC::equals) || Nhwc.last(x, r.layouts().get(0));
        Layout l = Nhwc.of(x, last);
        Code code = Code.of(name, x.type()).shape(x.shape()).flag(op.mode() == LRN.Mode.WITHIN_CHANNEL).whole(op.size())
                .flag(last).real(op.scale(), op.shift(), op.power()).code();
        return NativePlan.of(name, code, r, l, l).withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
    }
}

package org.mocha4j.nativecpu.internal;

import java.util.List;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;

/** Batch normalisation: sums over parts of the batch that depend on the shape alone, then one pass that writes. */
final class BatchNormKernels {
    private final NativeDevice device;

    private BatchNormKernels(NativeDevice device) {
        this.device = device;
    }

    static List<Kernel<?>> all(NativeDevice device) {
        BatchNormKernels k = new BatchNormKernels(device);
        return List.of(new NativeKernel<>(BatchNorm.class, (op, r) -> k.plan("batch norm", op.epsilon(), r)),
                new NativeKernel<>(BatchNormGradient.class, (op, r) -> k.plan("batch norm gradient", op.epsilon(), r)));
    }

    private Offer plan(String name, double epsilon, PlanRequest r) {
        Spec x = r.outputs().get(0);
        int dy = r.inputs().size() - 1;
        boolean last = Nhwc.last(x, r.layouts().get(0)) || dy > 2 && r.layouts().get(dy).equals(Nhwc.NHWC);
        Layout l = Nhwc.of(x, last);
        Layout p = Layout.PLAIN;
        Code code = Code.of(name, x.type()).shape(x.shape()).flag(last).real(epsilon).code();
        List<Layout> inputs = dy > 2 ? List.of(l, p, p, p, l) : List.of(l, p, p);
        return new NativePlan(name, code, inputs, List.of(l, p, p), NativePlan.Traits.NONE)
                .withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
    }
}

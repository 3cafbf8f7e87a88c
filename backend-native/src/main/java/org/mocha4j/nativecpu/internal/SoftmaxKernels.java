package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;

/** Softmax and its loss along any axis of plain tensors, and along the channels of those that have them last. */
final class SoftmaxKernels {
    private final NativeDevice device;

    private SoftmaxKernels(NativeDevice device) {
        this.device = device;
    }

    static List<Kernel<?>> all(NativeDevice device) {
        SoftmaxKernels k = new SoftmaxKernels(device);
        return List.of(new NativeKernel<>(Softmax.class, (op, r) -> k.plan("softmax", op.axis(), 1, r)),
                new NativeKernel<>(SoftmaxGradient.class, (op, r) -> k.plan("softmax gradient", op.axis(), 2, r)),
                new NativeKernel<>(SoftmaxLoss.class, (op, r) -> k.plan("softmax loss", op.axis(), 1, r)),
                new NativeKernel<>(SoftmaxLossGradient.class,
                        (op, r) -> k.plan("softmax loss gradient", op.axis(), 1, r)));
    }

    /** The first inputs, and the output where it has their shape, lie alike; the others are plain. */
    private Offer plan(String name, int axis, int alike, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        int a = x.axis(axis);
        boolean last = a == 1 && r.layouts().subList(0, alike).contains(Nhwc.NHWC);
        Layout l = last ? Nhwc.NHWC : Layout.PLAIN;
        long inner = x.product(a + 1, x.rank());
        Code.Writer w = Code.of(name, r.type());
        Code code = (last ? w.whole(x.dim(0) * inner, x.dim(1), 1) : w.whole(x.product(0, a), x.dim(a), inner)).code();
        List<Layout> inputs = new ArrayList<>();
        for (int i = 0; i < r.inputs().size(); i++) {
            inputs.add(i < alike ? l : Layout.PLAIN);
        }
        boolean same = r.outputs().get(0).shape().equals(x);
        NativePlan p = new NativePlan(name, code, inputs, List.of(same ? l : Layout.PLAIN), NativePlan.Traits.NONE);
        return p.withInPlace(same ? pairs(alike) : Set.of())
                .withScratch(Workspaces.bytes(device.info(code).scratchBytes()));
    }

    private static Set<List<Integer>> pairs(int inputs) {
        Set<List<Integer>> pairs = new HashSet<>();
        for (int i = 0; i < inputs; i++) {
            pairs.add(List.of(i, 0));
        }
        return pairs;
    }
}

package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.backend.Kernel;

/** All kernels of a device, in order of preference. */
final class Kernels {
    private Kernels() {
    }

    static List<Kernel<?>> all(NativeDevice device) {
        List<Kernel<?>> all = new ArrayList<>();
        all.addAll(BatchNormKernels.all(device));
        all.addAll(ConvolutionKernels.all(device));
        all.addAll(ElementKernels.all());
        all.addAll(IndexKernels.all());
        all.addAll(LrnKernels.all(device));
        all.addAll(MoveKernels.all());
        all.addAll(PoolingKernels.all(device));
        all.addAll(ProductKernels.all(device));
        all.addAll(RandomKernels.all());
        all.addAll(ReduceKernels.all(device));
        all.addAll(SoftmaxKernels.all(device));
        all.addAll(UpdateKernels.all());
        return List.copyOf(all);
    }
}

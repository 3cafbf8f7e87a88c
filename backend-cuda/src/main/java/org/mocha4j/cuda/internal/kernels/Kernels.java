package org.mocha4j.cuda.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.cuda.internal.CudaDevice;

/** All kernels of a device, in order of preference. */
public final class Kernels {
    private Kernels() {
    }

    public static List<Kernel<?>> all(CudaDevice device) {
        List<Kernel<?>> all = new ArrayList<>();
        all.addAll(BatchNormKernels.all());
        all.addAll(ConvolutionKernels.all(device));
        all.addAll(ElementKernels.all());
        all.addAll(IndexKernels.all());
        all.addAll(LrnKernels.all());
        all.addAll(MoveKernels.all());
        all.addAll(PoolingKernels.all());
        all.addAll(ProductKernels.all());
        all.addAll(RandomKernels.all());
        all.addAll(ReduceKernels.all());
        all.addAll(SoftmaxKernels.all());
        all.addAll(UpdateKernels.all());
        return List.copyOf(all);
    }
}

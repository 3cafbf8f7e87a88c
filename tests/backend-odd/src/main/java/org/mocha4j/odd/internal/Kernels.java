package org.mocha4j.odd.internal;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.backend.Kernel;

/** What this device can do itself; everything else is decomposed. */
public final class Kernels {
    private Kernels() {
    }

    public static List<Kernel<?>> all(boolean fusion) {
        List<Kernel<?>> all = new ArrayList<>();
        all.addAll(ElementKernels.all());
        all.addAll(ShapeKernels.all());
        all.addAll(AlgebraKernels.all());
        all.addAll(IndexKernels.all());
        all.addAll(WindowKernels.all());
        all.addAll(ConvolutionKernels.all());
        all.addAll(PoolingKernels.all());
        all.addAll(UpdateKernels.all());
        if (fusion) {
            all.addAll(FusedKernels.all());
        }
        return List.copyOf(all);
    }
}

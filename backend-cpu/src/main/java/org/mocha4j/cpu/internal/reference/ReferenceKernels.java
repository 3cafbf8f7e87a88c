package org.mocha4j.cpu.internal.reference;

import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.backend.Kernel;

/**
 * The plain loops that define every op, for float32 and float64 alike. Sums are taken in double and rounded once. Fused
 * products (convolution or matrix product with bias and activation) are left to their decompositions.
 */
public final class ReferenceKernels {
    private ReferenceKernels() {
    }

    public static List<Kernel<?>> all() {
        return Stream.of(ElementwiseLoops.kernels(), MoveLoops.kernels(), SumLoops.kernels(), ImageLoops.kernels(),
                LayerLoops.kernels(), NeighbourLoops.kernels()).<Kernel<?>>flatMap(List::stream).toList();
    }
}

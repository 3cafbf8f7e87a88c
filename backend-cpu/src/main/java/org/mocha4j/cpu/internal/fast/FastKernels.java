package org.mocha4j.cpu.internal.fast;

import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.reference.ReferenceKernels;

/** The kernels of backend {@code cpu}: fast ones first, then the reference loops. */
public final class FastKernels {
    private FastKernels() {
    }

    public static List<Kernel<?>> all(Pool pool, VectorSupport vector) {
        Products p = vector.products();
        return Stream.of(ProductKernels.all(pool, p), PoolingKernels.all(pool, p), SumKernels.all(pool, p),
                        ElementwiseKernels.all(pool), SoftmaxKernels.all(pool), RandomKernel.all(pool),
                        MoveKernels.all(pool), BatchNormKernels.all(pool), NeighbourKernels.all(pool),
                        ReferenceKernels.all())
                .<Kernel<?>>flatMap(List::stream).toList();
    }
}

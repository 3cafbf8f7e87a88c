package org.mocha4j.cpu.internal.float32;

import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.cpu.internal.Pool;

/** The fast kernels in float32. */
public final class FloatKernels {
    private FloatKernels() {
    }

    /**
     * What the products run on, for people: {@code 256-bit vectors}.
     *
     * @throws LinkageError if it is the Vector API and that is not there
     */
    public static String description(boolean vectors) {
        return products(vectors).description();
    }

    /** @param vectors whether the Vector API is used, which must be there then */
    public static List<Kernel<?>> all(Pool pool, boolean vectors) {
        Products p = products(vectors);
        return Stream.of(ProductKernels.all(pool, p), PoolingKernels.all(pool, p), SumKernels.all(pool, p),
                        ElementwiseKernels.all(pool), SoftmaxKernels.all(pool), RandomKernel.all(pool),
                        BatchNormKernels.all(pool), NeighbourKernels.all(pool))
                .<Kernel<?>>flatMap(List::stream).toList();
    }

    /** The only use of the class that is linked with the Vector API. */
    private static Products products(boolean vectors) {
        return vectors ? new VectorProducts() : new PlainProducts();
    }
}

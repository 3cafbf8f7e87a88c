package org.mocha4j.cpu.internal.fast;

import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.float32.FloatKernels;
import org.mocha4j.cpu.internal.float64.DoubleKernels;
import org.mocha4j.cpu.internal.reference.ReferenceKernels;

/** The kernels of backend {@code cpu}: fast ones first, then the reference loops. */
public final class FastKernels {
    private FastKernels() {
    }

    public static List<Kernel<?>> all(Pool pool, VectorSupport vector) {
        return Stream.of(FloatKernels.all(pool, vector.used()), DoubleKernels.all(pool, vector.used()),
                        MoveKernels.all(pool), ReferenceKernels.all())
                .<Kernel<?>>flatMap(List::stream).toList();
    }
}

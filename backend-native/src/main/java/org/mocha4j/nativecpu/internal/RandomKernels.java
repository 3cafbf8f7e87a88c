package org.mocha4j.nativecpu.internal;

import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Random;

/** The numbers of {@link org.mocha4j.api.Philox}: uniform ones bit for bit, normal ones within rounding. */
final class RandomKernels {
    private RandomKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new NativeKernel<>(Random.class, RandomKernels::plan));
    }

    private static Offer plan(Random op, PlanRequest r) {
        Distribution d = op.distribution();
        boolean normal = d.kind() == Distribution.Kind.NORMAL;
        return NativePlan.plain("philox", Code.of("random", r.type()).whole(r.outputs().get(0).elements()).flag(normal)
                .whole(op.key()).real(d.a(), normal ? d.b() : d.b() - d.a()).code(), r);
    }
}

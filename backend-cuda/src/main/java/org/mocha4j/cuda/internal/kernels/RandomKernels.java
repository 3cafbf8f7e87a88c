package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Random;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** The numbers of {@link org.mocha4j.api.Philox}: uniform ones bit for bit, normal ones within rounding. */
final class RandomKernels {
    private RandomKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(Random.class, RandomKernels::plan));
    }

    private static Offer plan(Random op, PlanRequest r) {
        Distribution d = op.distribution();
        boolean normal = d.kind() == Distribution.Kind.NORMAL;
        long n = r.outputs().get(0).elements();
        Source s = Source.file("random", r.type());
        return CudaPlan.of("philox", r, (b, out) -> out.add(Launch.each(s, normal ? "normal" : "uniform", n,
                new Arguments().whole(n, op.key()).real(d.a(), normal ? d.b() : d.b() - d.a()).pointer(b.inputs().get(0))
                        .pointer(b.outputs().get(0)))));
    }
}

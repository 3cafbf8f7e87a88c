package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** Batch normalisation: a block for each channel adds up, then one pass writes. */
final class BatchNormKernels {
    private BatchNormKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(BatchNorm.class, BatchNormKernels::forward),
                new CudaKernel<>(BatchNormGradient.class, BatchNormKernels::backward));
    }

    private static Offer forward(BatchNorm op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        long inner = x.product(2, x.rank());
        long n = x.elements();
        Source s = Source.file("batchnorm", r.type());
        return CudaPlan.of("batch norm", r, (b, out) -> {
            Buffer mean = b.outputs().get(1);
            Buffer variance = b.outputs().get(2);
            out.add(Launch.blocks(s, "batch_statistics", x.dim(1), new Arguments().whole(x.dim(0), x.dim(1), inner)
                    .pointer(b.inputs().get(0)).pointer(mean).pointer(variance)));
            Arguments a = new Arguments().whole(n, x.dim(1), inner).real(op.epsilon());
            b.inputs().forEach(a::pointer);
            out.add(Launch.each(s, "batch_norm", n, a.pointer(mean).pointer(variance).pointer(b.outputs().get(0))));
        });
    }

    private static Offer backward(BatchNormGradient op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        long inner = x.product(2, x.rank());
        long n = x.elements();
        Source s = Source.file("batchnorm", r.type());
        return CudaPlan.of("batch norm gradient", r, (b, out) -> {
            Buffer dScale = b.outputs().get(1);
            Buffer dShift = b.outputs().get(2);
            out.add(Launch.blocks(s, "batch_sums", x.dim(1), new Arguments().whole(x.dim(0), x.dim(1), inner)
                    .real(op.epsilon()).pointer(b.inputs().get(0)).pointer(b.inputs().get(2)).pointer(b.inputs().get(3))
                    .pointer(b.inputs().get(4)).pointer(dScale).pointer(dShift)));
            Arguments a = new Arguments().whole(n, x.dim(0) * inner, x.dim(1), inner).real(op.epsilon());
            b.inputs().forEach(a::pointer);
            out.add(Launch.each(s, "batch_norm_gradient", n, a.pointer(dScale).pointer(dShift).pointer(b.outputs().get(0))));
        });
    }
}

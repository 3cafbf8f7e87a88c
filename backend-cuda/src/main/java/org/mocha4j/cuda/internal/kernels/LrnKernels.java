package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRNGradient;
import org.mocha4j.cuda.internal.CudaBuffer;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** Local response normalisation: a thread for each element; the gradient in two passes. */
final class LrnKernels {
    private LrnKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(LRN.class, LrnKernels::forward), new CudaKernel<>(LRNGradient.class, LrnKernels::backward));
    }

    private static Arguments neighbours(LRN op, Shape s) {
        boolean across = op.mode() == LRN.Mode.ACROSS_CHANNEL;
        long rows = across ? s.dim(1) : s.dim(2);
        long columns = across ? s.product(2, s.rank()) : s.dim(3);
        return new Arguments().whole(s.elements()).structure(rows, columns, op.size(), across ? 1 : op.size(), op.before());
    }

    private static double factor(LRN op) {
        return op.scale() / op.neighbours();
    }

    private static Offer forward(LRN op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        Source s = Source.file("lrn", r.type());
        return CudaPlan.of("lrn", r, (b, out) -> out.add(Launch.each(s, "lrn", x.elements(), neighbours(op, x)
                .real(factor(op), op.shift(), op.power()).pointer(b.inputs().get(0)).pointer(b.outputs().get(0)))));
    }

    private static Offer backward(LRNGradient g, PlanRequest r) {
        LRN op = g.forward();
        Shape x = r.inputs().get(0).shape();
        Source s = Source.file("lrn", r.type());
        long bytes = x.elements() * r.type().bytes();
        return CudaPlan.of("lrn gradient", r, (b, out) -> {
            long shares = CudaBuffer.address(b.scratch());
            if (bytes == 0) {
                return;
            }
            out.add(Launch.each(s, "lrn_shares", x.elements(), neighbours(op, x).real(factor(op), op.shift())
                    .pointer(b.inputs().get(0)).pointer(b.inputs().get(1)).pointer(b.inputs().get(2)).address(shares)
                    .address(shares + bytes)));
            out.add(Launch.each(s, "lrn_gradient", x.elements(), neighbours(op, x).whole(op.after()).real(g.factor(), op.power())
                    .pointer(b.inputs().get(0)).pointer(b.inputs().get(2)).address(shares).address(shares + bytes)
                    .pointer(b.outputs().get(0))));
        }).withScratch(2 * bytes);
    }
}

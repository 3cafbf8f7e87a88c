package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;
import org.mocha4j.cuda.internal.CudaBuffer;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;
import org.mocha4j.cuda.internal.kernels.IndexKernels.Condition;

/** Softmax and its loss along any axis: a thread for each line. */
final class SoftmaxKernels {
    private SoftmaxKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(Softmax.class, (op, r) -> plain("softmax", op.axis(), 1, r)),
                new CudaKernel<>(SoftmaxGradient.class, (op, r) -> plain("softmax_gradient", op.axis(), 2, r)),
                new CudaKernel<>(SoftmaxLoss.class, SoftmaxKernels::loss),
                new CudaKernel<>(SoftmaxLossGradient.class, (op, r) -> plain("softmax_loss_gradient", op.axis(), 1, r)));
    }

    /** A tensor as lines along an axis. */
    private record Lines(long count, long length, long inner) {
        static Lines of(Shape x, int axis) {
            int a = x.axis(axis);
            long inner = x.product(a + 1, x.rank());
            return new Lines(x.product(0, a) * inner, x.dim(a), inner);
        }

        Arguments arguments() {
            return new Arguments().whole(count, length, inner);
        }
    }

    /** @param alike as many of the first inputs have the shape of the output, which may take the place of one of them */
    private static Offer plain(String kernel, int axis, int alike, PlanRequest r) {
        Lines l = Lines.of(r.inputs().get(0).shape(), axis);
        Source s = Source.file("softmax", r.type());
        CudaPlan p = CudaPlan.of(kernel.replace('_', ' '), r, (b, out) -> {
            Arguments a = l.arguments();
            b.inputs().forEach(a::pointer);
            out.add(Launch.each(s, kernel, l.count(), a.pointer(b.outputs().get(0))));
        });
        return p.withInPlace(alike == 1 ? Set.of(List.of(0, 0)) : Set.of(List.of(0, 0), List.of(1, 0)));
    }

    private static Offer loss(SoftmaxLoss op, PlanRequest r) {
        Lines l = Lines.of(r.inputs().get(0).shape(), op.axis());
        Source s = Source.file("softmax", r.type());
        long parts = ReduceKernels.parts(l.count());
        long bytes = r.type().bytes();
        Condition labels = Condition.whole(r.type(), l.count(), l.length(), Status.BAD_LABEL);
        long first = (labels.scratchBytes() + 7) / 8 * 8;
        return CudaPlan.of("softmax loss", r, (b, out) -> {
            long losses = CudaBuffer.address(b.scratch()) + first;
            labels.add(b.inputs().get(1), b.scratch(), b.status(), out);
            out.add(Launch.each(s, "line_losses", l.count(), l.arguments().pointer(b.inputs().get(0))
                    .pointer(b.inputs().get(1)).address(losses)));
            if (parts > 1) {
                out.add(ReduceKernels.sumOf(r.type(), l.count(), losses, losses + bytes * l.count()));
            }
            out.add(Launch.blocks(s, "mean_loss", 1, new Arguments().whole(parts > 1 ? parts : l.count(), l.count())
                    .address(parts > 1 ? losses + bytes * l.count() : losses).pointer(b.outputs().get(0))));
        }).withScratch(first + bytes * (l.count() + parts));
    }
}

package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.function.BiConsumer;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.CudaBuffer;
import org.mocha4j.cuda.internal.CudaDevice;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Queue;
import org.mocha4j.cuda.internal.driver.ConvolutionShape;
import org.mocha4j.cuda.internal.driver.Driver.Direction;

/** Convolution and its gradients by cuDNN; bias and activation are a pass of their own, the gradient of a bias is a sum. */
final class ConvolutionKernels {
    private final CudaDevice device;

    private ConvolutionKernels(CudaDevice device) {
        this.device = device;
    }

    static List<Kernel<?>> all(CudaDevice device) {
        ConvolutionKernels k = new ConvolutionKernels(device);
        return List.of(new CudaKernel<>(Convolution.class, (op, r) -> k.forward(op, null, r)),
                new CudaKernel<>(ConvolutionBias.class, (op, r) -> k.forward(op.convolution(), op.activation(), r)),
                new CudaKernel<>(ConvolutionDataGradient.class, k::data),
                new CudaKernel<>(ConvolutionFilterGradient.class, k::filter));
    }

    private Offer forward(Convolution op, Op activation, PlanRequest r) {
        if (activation != null && !(activation instanceof Relu)) {
            return new Refusal("activation must be Relu, found " + activation.getClass().getSimpleName());
        }
        Spec y = r.outputs().get(0);
        boolean bias = r.inputs().size() == 3;
        String name = (bias ? "convolution+bias" : "convolution") + (activation == null ? "" : "+relu");
        return plan(name, shape(op, r.inputs().get(0), r.inputs().get(1), y), Direction.FORWARD, r, (b, out) -> {
            if (bias) {
                Buffer to = b.outputs().get(0);
                out.add(ReduceKernels.bias(r.type(), y.shape(), 1, activation, to, b.inputs().get(2), to));
            }
        });
    }

    private Offer data(ConvolutionDataGradient op, PlanRequest r) {
        return plan("convolution data gradient", shape(op.forward(), r.outputs().get(0), r.inputs().get(0), r.inputs().get(1)),
                Direction.DATA, r, (b, out) -> { });
    }

    private Offer filter(ConvolutionFilterGradient op, PlanRequest r) {
        return plan("convolution filter gradient",
                shape(op.forward(), r.inputs().get(0), r.outputs().get(0), r.inputs().get(1)), Direction.FILTER, r,
                (b, out) -> { });
    }

    private static ConvolutionShape shape(Convolution op, Spec x, Spec filter, Spec y) {
        return new ConvolutionShape(x.type(), x.shape(), filter.shape(), y.shape(), op.window(), op.groups());
    }

    private Offer plan(String name, ConvolutionShape s, Direction direction, PlanRequest r,
                       BiConsumer<Binding, List<Command>> after) {
        if (s.x().elements() == 0 || s.filter().elements() == 0 || s.y().elements() == 0) {
            return new Refusal("tensors without elements");
        }
        long plan = device.convolution(s, direction);
        if (plan == 0) {
            return new Refusal("cuDNN has no algorithm for " + s);
        }
        long bytes = device.convolutionBytes(plan);
        return CudaPlan.of("cuDNN " + name, r, (b, out) -> {
            out.add(new Convolve(plan, CudaBuffer.address(b.inputs().get(0)), CudaBuffer.address(b.inputs().get(1)),
                    CudaBuffer.address(b.outputs().get(0)), CudaBuffer.address(b.scratch())));
            after.accept(b, out);
        }).withScratch(bytes);
    }

    /** One convolution; where its workspace is comes last. */
    record Convolve(long plan, long first, long second, long result, long workspace) implements Command {
        @Override
        public void issue(Queue q) {
            q.driver().convolve(plan, first, second, result, workspace, q.stream());
        }
    }
}

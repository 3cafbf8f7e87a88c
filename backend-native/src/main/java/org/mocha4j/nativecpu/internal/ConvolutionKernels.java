package org.mocha4j.nativecpu.internal;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.ConvolutionParameterGradients;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.nativecpu.internal.ConvolutionTask.Kind;

/** Convolution and its gradients; {@link ConvolutionChoice} decides how. */
final class ConvolutionKernels {
    private final ConvolutionChoice choice;

    private ConvolutionKernels(NativeDevice device) {
        this.choice = new ConvolutionChoice(device);
    }

    static List<Kernel<?>> all(NativeDevice device) {
        ConvolutionKernels k = new ConvolutionKernels(device);
        return List.of(new NativeKernel<>(Convolution.class, (op, r) -> k.forward(op, null, r)),
                new NativeKernel<>(ConvolutionBias.class, (op, r) -> k.forward(op.convolution(), op.activation(), r)),
                new NativeKernel<>(ConvolutionDataGradient.class, k::data),
                new NativeKernel<>(ConvolutionFilterGradient.class, (op, r) -> k.filter(op.forward(), r)),
                new NativeKernel<>(ConvolutionParameterGradients.class, (op, r) -> k.filter(op.forward(), r)));
    }

    private Offer forward(Convolution op, Op activation, PlanRequest r) {
        if (activation != null && !(activation instanceof Relu)) {
            return new Refusal("activation must be Relu, found " + activation.getClass().getSimpleName());
        }
        List<Spec> in = r.inputs();
        return choice.offer(new ConvolutionTask(r.saves() ? Kind.FORWARD : Kind.INFERENCE, op, in.get(0), in.get(1),
                r.outputs().get(0), in.size() == 3, activation != null), r);
    }

    private Offer data(ConvolutionDataGradient op, PlanRequest r) {
        return choice.offer(new ConvolutionTask(Kind.DATA, op.forward(), r.outputs().get(0), r.inputs().get(0),
                r.inputs().get(1), false, false), r);
    }

    /** Of the filters, and of the bias where there is a second output. */
    private Offer filter(Convolution op, PlanRequest r) {
        return choice.offer(new ConvolutionTask(Kind.FILTER, op, r.inputs().get(0), r.outputs().get(0), r.inputs().get(1),
                r.outputs().size() == 2, false), r);
    }
}

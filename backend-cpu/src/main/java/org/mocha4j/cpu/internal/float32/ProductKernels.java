package org.mocha4j.cpu.internal.float32;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.cpu.internal.Images;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.float32.FloatMatMul.Activation;

/** Matrix products and convolutions, alone or with bias and activation. */
final class ProductKernels {
    private ProductKernels() {
    }

    static List<Kernel<?>> all(Pool pool, Products p) {
        return List.of(
                Fast.floats(MatMul.class, (op, r) -> FloatMatMul.plan(pool, p, op, r, Activation.NONE, "gemm")),
                Fast.floats(MatMulBias.class, (op, r) -> {
                    Activation f = Activation.of(op.activation());
                    return f == null ? refusal(op.activation())
                            : FloatMatMul.plan(pool, p, op.product(), r, f, "gemm+bias" + suffix(f));
                }),
                Fast.floats(Convolution.class, (op, r) -> FloatConvolution.forward(pool, p, forward(op, r), 2,
                        Activation.NONE)),
                Fast.floats(ConvolutionBias.class, (op, r) -> {
                    Activation f = Activation.of(op.activation());
                    return f == null ? refusal(op.activation())
                            : FloatConvolution.forward(pool, p, forward(op.convolution(), r), 3, f);
                }),
                Fast.floats(ConvolutionDataGradient.class, (op, r) -> FloatConvolution.dataGradient(pool, p,
                        Images.of(r.outputs().get(0).shape(), r.inputs().get(1).shape(), op.forward().window(),
                                op.forward().groups()))),
                Fast.floats(ConvolutionFilterGradient.class, (op, r) -> filterGradient(pool, p, op, r)));
    }

    private static String suffix(Activation f) {
        return f == Activation.NONE ? "" : "+" + f.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static Offer refusal(Op activation) {
        return new Refusal("activation Relu or Sigmoid or none expected, found " + activation);
    }

    private static Images forward(Convolution op, PlanRequest r) {
        return Images.of(r.inputs().get(0).shape(), r.outputs().get(0).shape(), op.window(), op.groups());
    }

    private static Offer filterGradient(Pool pool, Products p, ConvolutionFilterGradient op, PlanRequest r) {
        if (r.inputs().get(0).shape().dim(0) == 0) {
            return new Refusal("at least one sample expected");
        }
        return FilterGradient.plan(pool, p, Images.of(r.inputs().get(0).shape(), r.inputs().get(1).shape(),
                op.forward().window(), op.forward().groups()));
    }
}

package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Relu;

/**
 * Matrix products: float32 by oneDNN; float64, products without elements and tensors of more than 2^31 elements by OpenBLAS.
 */
final class ProductKernels {
    private final NativeDevice device;

    private ProductKernels(NativeDevice device) {
        this.device = device;
    }

    static List<Kernel<?>> all(NativeDevice device) {
        ProductKernels k = new ProductKernels(device);
        return List.of(new NativeKernel<>(MatMul.class, (op, r) -> k.plan(op, null, false, r)),
                new NativeKernel<>(MatMulBias.class, (op, r) -> k.plan(op.product(), op.activation(), true, r)));
    }

    private Offer plan(MatMul op, Op activation, boolean bias, PlanRequest r) {
        if (activation != null && !(activation instanceof Relu)) {
            return new Refusal("activation must be Relu, found " + activation.getClass().getSimpleName());
        }
        Shape a = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        long k = a.dim(op.transposeA() ? -2 : -1);
        boolean one = r.type() == DataType.FLOAT32 && y.elements() > 0 && k > 0
                && Stream.concat(r.inputs().stream(), r.outputs().stream()).allMatch(s -> s.elements() <= Integer.MAX_VALUE);
        Code c = Code.of(one ? "matrix product" : "blas product", r.type())
                .whole(y.product(0, y.rank() - 2), y.dim(-2), y.dim(-1), k).flag(op.transposeA()).flag(op.transposeB())
                .flag(bias).flag(activation != null).code();
        String name = (one ? "oneDNN product" : "OpenBLAS product") + (bias ? "+bias" : "")
                + (activation == null ? "" : "+relu");
        NativePlan p = NativePlan.plain(name, c, r);
        return p.withScratch(Workspaces.bytes(device.info(c).scratchBytes()));
    }
}

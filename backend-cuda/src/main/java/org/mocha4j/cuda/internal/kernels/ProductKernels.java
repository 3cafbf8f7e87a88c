package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.CudaBuffer;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Queue;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Product;

/** Matrix products by cuBLAS; bias and activation are a pass of their own. */
final class ProductKernels {
    private ProductKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(MatMul.class, (op, r) -> plan(op, null, false, r)),
                new CudaKernel<>(MatMulBias.class, (op, r) -> plan(op.product(), op.activation(), true, r)));
    }

    private static Offer plan(MatMul op, Op activation, boolean bias, PlanRequest r) {
        if (activation != null && !(activation instanceof Relu)) {
            return new Refusal("activation must be Relu, found " + activation.getClass().getSimpleName());
        }
        Shape a = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        int k = a.dim(op.transposeA() ? -2 : -1);
        Product p = new Product(r.type(), Math.toIntExact(y.product(0, y.rank() - 2)), y.dim(-2), y.dim(-1), k,
                op.transposeA(), op.transposeB());
        Source moves = Source.file("moves", r.type());
        return CudaPlan.of("cuBLAS product" + (bias ? "+bias" : "") + (activation == null ? "" : "+relu"), r, (b, out) -> {
            Buffer to = b.outputs().get(0);
            if (y.elements() == 0) {
                return;
            }
            out.add(k == 0 ? MoveKernels.fill(moves, y.elements(), 0, to)
                    : new Multiply(p, CudaBuffer.address(b.inputs().get(0)), CudaBuffer.address(b.inputs().get(1)),
                            CudaBuffer.address(to)));
            if (bias) {
                out.add(ReduceKernels.bias(r.type(), y, y.rank() - 1, activation, to, b.inputs().get(2), to));
            }
        });
    }

    /** One product. */
    record Multiply(Product product, long a, long b, long y) implements Command {
        @Override
        public void issue(Queue q) {
            q.driver().multiply(product, a, b, y, q.stream());
        }
    }
}

package org.mocha4j.runtime;

import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.ConvolutionParameterGradients;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedUpdate;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.PredicatedElementwise;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;
import org.mocha4j.api.ops.Unfold;

/**
 * The arithmetic of an op, from its shapes alone: the same for every kernel and device.
 *
 * @param products floating point operations of matrix products and convolutions and their gradients, a multiply-add
 *                 counted as 2, padding included: the usual measure of a net, and of speed
 * @param others   everything else, coarsely: one per element of the largest input or output (the output for bias and
 *                 activation); for a fused run, one per element and op in it. Moving data counts nothing
 */
public record Flops(long products, long others) {
    public static final Flops NONE = new Flops(0, 0);

    /** The arithmetic of one run of an op. */
    public static Flops of(Op op, List<Spec> in, List<Spec> out) {
        if (op instanceof Convolution) {
            return new Flops(convolution(out.get(0), in.get(1)), 0);
        } else if (op instanceof ConvolutionBias c) {
            return new Flops(convolution(out.get(0), in.get(1)), biased(c.activation(), out));
        } else if (op instanceof ConvolutionDataGradient) {
            return new Flops(convolution(in.get(1), in.get(0)), 0);
        } else if (op instanceof ConvolutionFilterGradient) {
            return new Flops(convolution(in.get(1), out.get(0)), 0);
        } else if (op instanceof ConvolutionParameterGradients) {
            return new Flops(convolution(in.get(1), out.get(0)), in.get(1).elements());
        } else if (op instanceof MatMul m) {
            return new Flops(product(m, in, out), 0);
        } else if (op instanceof MatMulBias m) {
            return new Flops(product(m.product(), in, out), biased(m.activation(), out));
        } else if (op instanceof FusedElementwise f) {
            return new Flops(0, f.code().size() * f.shape().elements());
        } else if (op instanceof PredicatedElementwise p) {
            return of(p.run(), in, out);
        } else if (op instanceof FusedUpdate u) {
            return new Flops(0, (u.gradient().code().size() + 1) * u.gradient().shape().elements());
        } else if (moves(op)) {
            return NONE;
        }
        return new Flops(0, Math.max(largest(in), largest(out)));
    }

    /** 2 · outputs · the elements of one filter. */
    private static long convolution(Spec y, Spec filter) {
        int filters = filter.shape().dim(0);
        return filters == 0 ? 0 : 2 * y.elements() * (filter.elements() / filters);
    }

    private static long product(MatMul m, List<Spec> in, List<Spec> out) {
        return 2 * out.get(0).elements() * in.get(0).shape().dim(m.transposeA() ? -2 : -1);
    }

    private static long biased(Op activation, List<Spec> out) {
        return out.get(0).elements() * (activation == null ? 1 : 2);
    }

    private static boolean moves(Op op) {
        return op instanceof Reshape || op instanceof Transpose || op instanceof Slice || op instanceof Pad
                || op instanceof Concatenate || op instanceof Broadcast || op instanceof Gather || op instanceof Unfold
                || op instanceof Commit;
    }

    private static long largest(List<Spec> specs) {
        return specs.stream().mapToLong(Spec::elements).max().orElse(0);
    }

    public Flops plus(Flops o) {
        return new Flops(products + o.products, others + o.others);
    }

    /** That of several runs. */
    public Flops times(int n) {
        return new Flops(products * n, others * n);
    }

    /** The sum over steps. */
    public static Flops sum(List<StepInfo> steps) {
        return steps.stream().map(StepInfo::flops).reduce(NONE, Flops::plus);
    }
}

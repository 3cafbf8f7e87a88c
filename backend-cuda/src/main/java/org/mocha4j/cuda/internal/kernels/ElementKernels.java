package org.mocha4j.cuda.internal.kernels;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;
import org.mocha4j.cuda.internal.CudaBuffer;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;

/** Element-wise ops, single and fused: one kernel is written for each, in which every value stays in a register. */
final class ElementKernels {
    private ElementKernels() {
    }

    static List<Kernel<?>> all() {
        List<Kernel<?>> all = new ArrayList<>();
        for (Class<? extends Op> op : List.of(Affine.class, Exp.class, Log.class, Tanh.class, Pow.class, Abs.class, Sign.class,
                Add.class, Multiply.class, Divide.class, Max.class, Select.class, Relu.class, ReluGradient.class,
                Sigmoid.class, SigmoidGradient.class, Dropout.class)) {
            all.add(single(op));
        }
        all.add(new CudaKernel<>(FusedElementwise.class, ElementKernels::fused));
        return all;
    }

    private static <O extends Op> Kernel<O> single(Class<O> type) {
        return new CudaKernel<>(type, ElementKernels::single);
    }

    private static Offer single(Op op, PlanRequest r) {
        int n = r.inputs().size();
        ElementSource s = new ElementSource(n, Set.of());
        s.instruction(op, IntStream.range(0, n).boxed().toList());
        return plan(op.getClass().getSimpleName().toLowerCase(Locale.ROOT), s.code(List.of(n), false), r);
    }

    private static Offer fused(FusedElementwise op, PlanRequest r) {
        return plan("fused " + op.code().size(), code(op, r, false), r);
    }

    /** The code of a run for these inputs. */
    static ElementCode code(FusedElementwise op, PlanRequest r, boolean predicated) {
        Set<Integer> repeated = new HashSet<>();
        for (int i = 0; i < op.inputs(); i++) {
            if (!r.inputs().get(i).shape().equals(op.shape())) {
                repeated.add(i);
            }
        }
        ElementSource s = new ElementSource(op.inputs(), repeated);
        op.code().forEach(i -> s.instruction(i.op(), i.operands()));
        return s.code(op.results(), predicated);
    }

    private static CudaPlan plan(String name, ElementCode code, PlanRequest r) {
        return plan(name, code, r.type(), r.outputs().get(0).elements());
    }

    /** Every element is read before it is written, so each output may take the place of each input of its size. */
    static CudaPlan plan(String name, ElementCode code, DataType type, long n) {
        Set<List<Integer>> pairs = new HashSet<>();
        for (int i = 0; i < code.inputs(); i++) {
            for (int o = 0; o < code.outputs(); o++) {
                if (!code.repeated().contains(i)) {
                    pairs.add(List.of(i, o));
                }
            }
        }
        CudaPlan p = new CudaPlan(name, code.inputs(), code.outputs(), CudaPlan.Traits.NONE, (b, out) -> {
            List<Long> at = new ArrayList<>();
            b.inputs().forEach(x -> at.add(CudaBuffer.address(x)));
            b.outputs().forEach(y -> at.add(CudaBuffer.address(y)));
            out.add(new Elements(name, code, type, n, at, code.predicated() ? CudaBuffer.address(b.status()) : 0));
        }).withInPlace(pairs);
        return code.predicated() ? p.asPredicated() : p;
    }
}

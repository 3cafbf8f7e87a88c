package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
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

/**
 * Element-wise ops, single and fused: the library interprets a short list of instructions over blocks that stay in the
 * first-level cache. They work in whatever layout their inputs lie in.
 */
final class ElementKernels {
    /** By the numbers that {@code elementwise.cpp} gives them; the comparisons of Select have one each, in order. */
    private static final List<Class<? extends Op>> OPS = List.of(Affine.class, Exp.class, Log.class, Tanh.class,
            Pow.class, Abs.class, Sign.class, Add.class, Multiply.class, Divide.class, Max.class, Select.class,
            Select.class, Select.class, Relu.class, ReluGradient.class, Sigmoid.class, SigmoidGradient.class,
            Dropout.class);

    private ElementKernels() {
    }

    static List<Kernel<?>> all() {
        List<Kernel<?>> all = new ArrayList<>();
        OPS.stream().distinct().forEach(op -> all.add(single(op)));
        all.add(new NativeKernel<>(FusedElementwise.class, ElementKernels::fused));
        return all;
    }

    private static <O extends Op> Kernel<O> single(Class<O> type) {
        return new NativeKernel<>(type, ElementKernels::plan);
    }

    private static Offer plan(Op op, PlanRequest r) {
        int n = r.inputs().size();
        Layout l = common(r, n);
        long size = l.elements(r.outputs().get(0));
        Code.Writer w = Code.of("elementwise", r.type()).whole(size, n);
        for (int i = 0; i < n; i++) {
            w.flag(false);
        }
        w.whole(1);
        instruction(w, op, IntStream.range(0, n).boxed().toList());
        w.whole(1, n).flag(false);
        return NativePlan.of(op.getClass().getSimpleName().toLowerCase(Locale.ROOT), w.code(), r, l, l)
                .withInPlace(pairs(n, Set.of()));
    }

    private static Offer fused(FusedElementwise op, PlanRequest r) {
        int n = op.inputs();
        Set<Integer> single = new HashSet<>();
        for (int i = 0; i < n; i++) {
            if (!r.inputs().get(i).shape().equals(op.shape())) {
                single.add(i);
            }
        }
        Layout l = single.isEmpty() || single.size() < n ? common(r, n, single) : Layout.PLAIN;
        Code.Writer w = Code.of("elementwise", r.type()).whole(l.elements(r.outputs().get(0)), n);
        for (int i = 0; i < n; i++) {
            w.flag(single.contains(i));
        }
        w.whole(op.code().size());
        op.code().forEach(i -> instruction(w, i.op(), i.operands()));
        w.list(op.results()).flag(false);
        List<Layout> in = IntStream.range(0, n).mapToObj(i -> single.contains(i) ? Layout.PLAIN : l).toList();
        return new NativePlan("fused " + op.code().size(), w.code(), in, Collections.nCopies(r.outputs().size(), l),
                NativePlan.Traits.NONE).withInPlace(op.results().size() == 1 ? pairs(n, single) : Set.of());
    }

    /** Each input but these may be overwritten by the first output. */
    private static Set<List<Integer>> pairs(int inputs, Set<Integer> without) {
        Set<List<Integer>> pairs = new HashSet<>();
        for (int i = 0; i < inputs; i++) {
            if (!without.contains(i)) {
                pairs.add(List.of(i, 0));
            }
        }
        return pairs;
    }

    /** The first layout without padding, other than plain, in which an input lies; plain if there is none. */
    static Layout common(PlanRequest r, int inputs) {
        return common(r, inputs, Set.of());
    }

    private static Layout common(PlanRequest r, int inputs, Set<Integer> without) {
        for (int i = 0; i < inputs; i++) {
            Layout l = r.layouts().get(i);
            boolean known = !l.equals(Layout.ANY) && !l.equals(Layout.PLAIN) && !without.contains(i);
            if (known && l.elements(r.inputs().get(i)) == r.inputs().get(i).elements()) {
                return l;
            }
        }
        return Layout.PLAIN;
    }

    static void instruction(Code.Writer w, Op op, List<Integer> operands) {
        w.whole(opcode(op)).list(operands);
        if (op instanceof Affine a) {
            w.real(a.scale(), a.shift());
        } else if (op instanceof Pow p) {
            w.real(p.exponent());
        } else if (op instanceof Dropout d) {
            w.real(d.ratio());
        }
    }

    private static int opcode(Op op) {
        return OPS.indexOf(op.getClass()) + (op instanceof Select s ? s.comparison().ordinal() : 0);
    }
}

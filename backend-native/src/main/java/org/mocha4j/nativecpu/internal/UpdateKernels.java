package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedElementwise.Instruction;
import org.mocha4j.api.ops.FusedUpdate;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Sign;

/** Updates as one pass, in place, in the layout in which the parameter lives; left out while the status word is set. */
final class UpdateKernels {
    private UpdateKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new NativeKernel<>(SgdUpdate.class, UpdateKernels::sgd),
                new NativeKernel<>(AdamUpdate.class, UpdateKernels::adam),
                new NativeKernel<>(FusedUpdate.class, UpdateKernels::fused),
                NativeKernel.ofAnyType(Commit.class, UpdateKernels::commit));
    }

    private static Offer sgd(SgdUpdate op, PlanRequest r) {
        Layout l = r.layouts().get(0).equals(Layout.ANY) ? Layout.PLAIN : r.layouts().get(0);
        Code c = Code.of("sgd", r.type()).whole(l.elements(r.outputs().get(0))).code();
        return update("sgd, one pass", c, l, 3, 2, Set.of(List.of(0, 0), List.of(2, 1)));
    }

    private static Offer adam(AdamUpdate op, PlanRequest r) {
        Layout l = r.layouts().get(0).equals(Layout.ANY) ? Layout.PLAIN : r.layouts().get(0);
        Code c = Code.of("adam", r.type()).whole(l.elements(r.outputs().get(0)))
                .real(op.beta1(), op.beta2(), op.epsilon()).code();
        return update("adam, one pass", c, l, 4, 3, Set.of(List.of(0, 0), List.of(2, 1), List.of(3, 2)));
    }

    private static Offer commit(Commit op, PlanRequest r) {
        Layout l = r.layouts().get(0).equals(Layout.ANY) ? Layout.PLAIN : r.layouts().get(0);
        Code c = Code.of("commit", r.type()).whole(l.elements(r.outputs().get(0)) * r.type().bytes()).code();
        return update("copy, predicated", c, l, 2, 0, Set.of(List.of(0, 0)));
    }

    /** The gradient's instructions and those of the rule as one element-wise program. */
    private static Offer fused(FusedUpdate op, PlanRequest r) {
        FusedElementwise f = op.gradient();
        int n = r.inputs().size();
        Rule rule = new Rule(op, n + f.code().size());
        List<Instruction> code = new ArrayList<>(f.code().size());
        f.code().forEach(i -> code.add(new Instruction(i.op(), i.operands().stream()
                .map(o -> o < f.inputs() ? o : o - f.inputs() + n).toList())));
        if (op.rule() instanceof SgdUpdate) {
            rule.sgd();
        } else if (op.rule() instanceof AdamUpdate a) {
            rule.adam(a);
        } else {
            return new Refusal("the rule must be SgdUpdate or AdamUpdate, found " + op.rule());
        }
        code.addAll(rule.code);
        if (n > 8 || code.size() > 24) {
            return new Refusal("at most 8 inputs and 24 instructions, found " + n + " and " + code.size());
        }
        Layout l = r.layouts().get(op.operands().get(0));
        boolean padded = l.elements(r.outputs().get(0)) != r.outputs().get(0).elements();
        if (l.equals(Layout.ANY) || padded && !code.stream().allMatch(UpdateKernels::keepsZero)) {
            l = Layout.PLAIN;
        }
        List<Layout> in = new ArrayList<>();
        Code.Writer w = Code.of("elementwise", r.type()).whole(l.elements(r.outputs().get(0)), n);
        for (Spec s : r.inputs()) {
            boolean single = !s.shape().equals(f.shape());
            w.flag(single);
            in.add(single ? Layout.PLAIN : l);
        }
        w.whole(code.size());
        code.forEach(i -> ElementKernels.instruction(w, i.op(), i.operands()));
        w.list(rule.results).flag(true);
        Set<List<Integer>> inPlace = new HashSet<>();
        for (int i = 0; i < rule.results.size(); i++) {
            inPlace.add(List.of(op.operands().get(i), i));
        }
        return new NativePlan(op.rule() instanceof SgdUpdate ? "gradient+sgd, one pass" : "gradient+adam, one pass", w.code(),
                List.copyOf(in), Collections.nCopies(rule.results.size(), l), NativePlan.Traits.NONE)
                .withInPlace(inPlace).asPredicated();
    }

    /** Whether zeros give zero, so that what pads a tensor stays so. */
    private static boolean keepsZero(Instruction i) {
        return i.op() instanceof Affine a && a.shift() == 0 || i.op() instanceof Add || i.op() instanceof Multiply
                || i.op() instanceof Abs || i.op() instanceof Sign;
    }

    /** Writes the instructions of a rule; those of the gradient come before. */
    private static final class Rule {
        final List<Instruction> code = new ArrayList<>();
        final List<Integer> results = new ArrayList<>();
        private final List<Integer> operands;
        private final int gradient;
        private final int first;

        Rule(FusedUpdate op, int first) {
            this.operands = op.operands();
            this.gradient = op.gradient().results().get(0) - op.gradient().inputs() + first - op.gradient().code().size();
            this.first = first;
        }

        private int add(Elementwise op, Integer... of) {
            code.add(new Instruction(op, List.of(of)));
            return first + code.size() - 1;
        }

        /** Operands: w, h, rate, momentum. */
        void sgd() {
            int step = add(new Affine(-1, 0), add(new Multiply(), operands.get(2), gradient));
            int h = add(new Add(), add(new Multiply(), operands.get(3), operands.get(1)), step);
            results.add(add(new Add(), operands.get(0), h));
            results.add(h);
        }

        /** Operands: w, m, v, rate, c1, c2. */
        void adam(AdamUpdate a) {
            int m = add(new Add(), add(new Affine(a.beta1(), 0), operands.get(1)), add(new Affine(1 - a.beta1(), 0), gradient));
            int square = add(new Multiply(), gradient, gradient);
            int v = add(new Add(), add(new Affine(a.beta2(), 0), operands.get(2)), add(new Affine(1 - a.beta2(), 0), square));
            int root = add(new Pow(0.5), add(new Multiply(), operands.get(5), v));
            int step = add(new Divide(), add(new Multiply(), operands.get(4), m), add(new Affine(1, a.epsilon()), root));
            results.add(add(new Add(), operands.get(0),
                    add(new Affine(-1, 0), add(new Multiply(), operands.get(3), step))));
            results.add(m);
            results.add(v);
        }
    }

    private static NativePlan update(String name, Code c, Layout l, int tensors, int numbers, Set<List<Integer>> inPlace) {
        List<Layout> in = new ArrayList<>(Collections.nCopies(tensors, l));
        in.addAll(Collections.nCopies(numbers, Layout.PLAIN));
        return new NativePlan(name, c, List.copyOf(in), Collections.nCopies(Math.max(1, tensors - 1), l), NativePlan.Traits.NONE)
                .withInPlace(inPlace).asPredicated();
    }
}

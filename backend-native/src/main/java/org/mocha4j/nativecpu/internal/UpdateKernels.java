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
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedElementwise.Instruction;
import org.mocha4j.api.ops.FusedUpdate;
import org.mocha4j.api.ops.Multiply;
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
        int n = r.inputs().size();
        FusedElementwise f = op.run(n).orElse(null);
        if (f == null) {
            return new Refusal("the rule must be SgdUpdate or AdamUpdate, found " + op.rule());
        }
        List<Instruction> code = f.code();
        List<Integer> results = f.results();
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
        w.list(results).flag(true);
        Set<List<Integer>> inPlace = new HashSet<>();
        for (int i = 0; i < results.size(); i++) {
            inPlace.add(List.of(op.operands().get(i), i));
        }
        return new NativePlan(op.rule() instanceof SgdUpdate ? "gradient+sgd, one pass" : "gradient+adam, one pass", w.code(),
                List.copyOf(in), Collections.nCopies(results.size(), l), NativePlan.Traits.NONE)
                .withInPlace(inPlace).asPredicated();
    }

    /** Whether zeros give zero, so that what pads a tensor stays so. */
    private static boolean keepsZero(Instruction i) {
        return i.op() instanceof Affine a && a.shift() == 0 || i.op() instanceof Add || i.op() instanceof Multiply
                || i.op() instanceof Abs || i.op() instanceof Sign;
    }

    private static NativePlan update(String name, Code c, Layout l, int tensors, int numbers, Set<List<Integer>> inPlace) {
        List<Layout> in = new ArrayList<>(Collections.nCopies(tensors, l));
        in.addAll(Collections.nCopies(numbers, Layout.PLAIN));
        return new NativePlan(name, c, List.copyOf(in), Collections.nCopies(Math.max(1, tensors - 1), l), NativePlan.Traits.NONE)
                .withInPlace(inPlace).asPredicated();
    }
}

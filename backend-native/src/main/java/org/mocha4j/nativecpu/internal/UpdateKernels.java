package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.SgdUpdate;

/** Updates as one pass, in place, in the layout in which the parameter lives; left out while the status word is set. */
final class UpdateKernels {
    private UpdateKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new NativeKernel<>(SgdUpdate.class, UpdateKernels::sgd),
                new NativeKernel<>(AdamUpdate.class, UpdateKernels::adam),
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

    private static NativePlan update(String name, Code c, Layout l, int tensors, int numbers, Set<List<Integer>> inPlace) {
        List<Layout> in = new ArrayList<>(Collections.nCopies(tensors, l));
        in.addAll(Collections.nCopies(numbers, Layout.PLAIN));
        return new NativePlan(name, c, List.copyOf(in), Collections.nCopies(Math.max(1, tensors - 1), l), NativePlan.Traits.NONE)
                .withInPlace(inPlace).asPredicated();
    }
}

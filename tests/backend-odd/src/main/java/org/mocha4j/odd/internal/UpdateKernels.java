package org.mocha4j.odd.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.SgdUpdate;

/** Updates in place, in the layout in which the parameter lives; left out when the status word is set. */
final class UpdateKernels {
    private UpdateKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new OddKernel<>(SgdUpdate.class, UpdateKernels::sgd),
                new OddKernel<>(Commit.class, UpdateKernels::commit));
    }

    private static Offer sgd(SgdUpdate op, PlanRequest r) {
        Layout l = ElementKernels.common(r, 3);
        int n = (int) l.elements(r.outputs().get(0));
        boolean single = r.type() == DataType.FLOAT32;
        return new OddPlan("sgd, predicated", List.of(l, l, l, Layout.PLAIN, Layout.PLAIN), List.of(l, l), b -> {
            Memory w = OddPlan.in(b, 0);
            Memory g = OddPlan.in(b, 1);
            Memory h = OddPlan.in(b, 2);
            Memory rate = OddPlan.in(b, 3);
            Memory momentum = OddPlan.in(b, 4);
            Memory newW = OddPlan.out(b, 0);
            Memory newH = OddPlan.out(b, 1);
            Memory status = Arenas.memory(b.status());
            return () -> {
                for (int i = 0; i < n && status.word(0) == Status.OK; i++) {
                    double v = momentum.get(0) * h.get(i) - rate.get(0) * g.get(i);
                    v = single ? (float) v : v;
                    double u = w.get(i) + v;
                    newH.set(i, v);
                    newW.set(i, u);
                }
            };
        }).with(new OddPlan.Traits(Workspace.NONE, false, Set.of(), Set.of(List.of(0, 0), List.of(2, 1)), true));
    }

    private static Offer commit(Commit op, PlanRequest r) {
        Layout l = ElementKernels.common(r, 2);
        int n = (int) l.elements(r.outputs().get(0));
        return new OddPlan("copy, predicated", List.of(l, l), List.of(l), b -> {
            Memory state = OddPlan.in(b, 0);
            Memory next = OddPlan.in(b, 1);
            Memory y = OddPlan.out(b, 0);
            Memory status = Arenas.memory(b.status());
            return () -> {
                Memory from = status.word(0) == Status.OK ? next : state;
                for (int i = 0; i < n && from != y; i++) {
                    y.set(i, from.get(i));
                }
            };
        }).with(new OddPlan.Traits(Workspace.NONE, false, Set.of(), Set.of(List.of(0, 0)), true));
    }
}

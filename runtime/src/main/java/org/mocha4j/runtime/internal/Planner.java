package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.runtime.StepInfo.Direction;

/** Decides kernels and layouts of a lowered graph, inserts reorders, and lays out where results are kept. */
final class Planner {
    private final Ir ir;
    private final Kernels kernels;
    private final Set<Storage> mutable = new HashSet<>();
    private final List<PlannedStep> steps = new ArrayList<>();
    private final List<PlannedStep> refresh = new ArrayList<>();
    private final Map<Val, Tens> primary = new IdentityHashMap<>();
    private final Map<Tens, Map<Layout, Tens>> reordered = new IdentityHashMap<>();
    private final Map<Vertex, PlannedStep> stepOf = new IdentityHashMap<>();
    private final Set<Vertex> saving;
    /** Of the op that is planned; copies that it needs are part of it. */
    private Direction direction = Direction.FORWARD;

    private Planner(Ir ir, Kernels kernels, Set<Storage> mutable) {
        this.ir = ir;
        this.kernels = kernels;
        this.mutable.addAll(mutable);
        this.saving = Rewrite.forwards(ir);
    }

    /**
     * @param ir      as the layers wrote it, differentiated
     * @param mutable storages that change between runs, so that copies in other layouts are made in each run
     * @param writing how assigned storages are written
     */
    static Program plan(Ir ir, Kernels kernels, Set<Storage> mutable, Assigner.Writing writing, boolean fuse) {
        synchronized (kernels) {                              // programs of one device decide the layouts of shared storages
            Ir now = Rewrite.prune(ir);
            if (fuse) {
                now = Fusion.apply(now, kernels);
            }
            now = Lowering.apply(now, kernels);
            if (fuse) {
                now = ElementwiseFusion.apply(now, kernels, writing.settled());
                now = UpdateFusion.apply(now, kernels);
                now = writing.settled() ? UpdateFusion.predicate(now, kernels) : now;
            }
            return new Planner(now, kernels, mutable).run(writing);
        }
    }

    /** A program that assigns nothing. */
    static Program plan(Ir ir, Kernels kernels, boolean fuse) {
        return plan(ir, kernels, Set.of(), Assigner.Writing.NOTHING, fuse);
    }

    private Program run(Assigner.Writing writing) {
        ir.vertices.forEach(this::step);
        new Assigner(this, ir, steps, writing).assign();
        Map<String, Tens> reads = new LinkedHashMap<>();
        ir.reads.forEach((name, v) -> reads.put(name, in(v, Layout.PLAIN)));
        return new Program(List.copyOf(steps), List.copyOf(refresh), reads, ir.assignments.stream()
                .map(Ir.Assignment::storage).toList());
    }

    private void step(Vertex v) {
        direction = v.direction;
        if (v.op instanceof Reshape) {
            primary.put(v.out.get(0), Tens.view(in(v.in.get(0), Layout.PLAIN), v.out.get(0).spec()));
            return;
        }
        PlannedStep forward = v.forward == null ? null : stepOf.get(v.forward);
        Plan forwardPlan = forward == null ? null : forward.plan();
        Kernels.Choice c = kernels.choose(v.op, v.inSpecs(), v.outSpecs(), v.in.stream().map(this::offered).toList(),
                forwardPlan, saving.contains(v));
        if (c.plan() == null) {
            Kernels.Choice plain = kernels.choose(v.op, v.inSpecs(), v.outSpecs(),
                    Collections.nCopies(v.in.size(), Layout.PLAIN), forwardPlan, saving.contains(v));
            c = plain.plan() != null ? plain : c;
        }
        stepOf.put(v, c.plan() != null ? planned(v, c, forward) : hosted(v, c));
    }

    private PlannedStep planned(Vertex v, Kernels.Choice c, PlannedStep forward) {
        Plan p = c.plan();
        List<Tens> in = new ArrayList<>();
        for (int i = 0; i < v.in.size(); i++) {
            boolean asItLies = p.inputs().get(i).equals(Layout.ANY) && !p.reads(i);
            in.add(asItLies ? primary(v.in.get(i)) : in(v.in.get(i), p.inputs().get(i)));
        }
        List<Tens> out = new ArrayList<>();
        for (int i = 0; i < v.out.size(); i++) {
            out.add(produce(v.out.get(i), p.outputs().get(i)));
        }
        Tens saved = p.saved().elements() > 0 ? Tens.work(p.saved()) : null;
        if (p.readsSaved()) {
            saved = forward == null ? null : forward.saved();
            if (saved == null) {
                throw new PlanException("layer [" + v.layer + "]: kernel " + p.kernel()
                        + " reads work space that its forward step does not save");
            }
        }
        PlannedStep s = new PlannedStep(v.layer, v.op, v.direction, p, null, in, out, saved, reasons(v, c));
        steps.add(s);
        return s;
    }

    private PlannedStep hosted(Vertex v, Kernels.Choice c) {
        HostKernel host = v.op.hostKernel().orElseThrow(() -> new PlanException("layer [" + v.layer + "]: every kernel of "
                + v.op + " refuses the layouts at hand and PLAIN ones: " + String.join("; ", c.refusals())));
        List<Tens> in = v.in.stream().map(x -> in(x, Layout.PLAIN)).toList();
        List<Tens> out = v.out.stream().map(x -> produce(x, Layout.PLAIN)).toList();
        PlannedStep s = new PlannedStep(v.layer, v.op, v.direction, null, host, in, out, null, reasons(v, c));
        steps.add(s);
        return s;
    }

    private static List<String> reasons(Vertex v, Kernels.Choice c) {
        List<String> all = new ArrayList<>(v.origins);
        all.addAll(c.refusals());
        return List.copyOf(all);
    }

    private Tens produce(Val v, Layout layout) {
        Tens t = Tens.planned(v.spec(), layout);
        primary.put(v, t);
        return t;
    }

    private Layout offered(Val v) {
        if (v.storage() != null) {
            Layout l = v.storage().layout();
            return l == null ? Layout.ANY : l;
        }
        return tens(v).layout;
    }

    /** The value in a layout, by a reorder where it lies in another. */
    Tens in(Val v, Layout wanted) {
        Layout layout = wanted.equals(Layout.ANY) ? Layout.PLAIN : wanted;
        if (v.storage() != null) {
            v.storage().decide(layout.reversible() ? layout : Layout.PLAIN);
        }
        Tens t = tens(v);
        if (t.layout.equals(layout)) {
            return t;
        }
        if (!layout.reversible() && !t.layout.equals(Layout.PLAIN)) {
            t = in(v, Layout.PLAIN);
        }
        Tens from = t;
        return reordered.computeIfAbsent(from, k -> new HashMap<>()).computeIfAbsent(layout, l -> reorder(from, l, v));
    }

    private Tens tens(Val v) {
        return primary.computeIfAbsent(v, k -> Tens.leaf(k, k.storage() == null ? Layout.PLAIN : k.storage().layout()));
    }

    /** Copies of what does not change within a program's life are kept and refreshed only when it was written. */
    private Tens reorder(Tens t, Layout to, Val v) {
        Tens copy = Tens.planned(t.spec, to);
        String place = v.producer != null ? v.producer.layer : v.name != null ? v.name : "constant";
        PlannedStep s = new PlannedStep(place, null, direction, kernels.device().reorder(t.spec, t.layout, to), null,
                List.of(t), List.of(copy), null, List.of());
        boolean kept = v.kind == Val.Kind.CONSTANT || v.storage() != null && !mutable.contains(v.storage());
        (kept ? refresh : steps).add(s);
        return copy;
    }

    /** The value in a storage's layout; a copy where the memory it lies in will be written. */
    Tens next(Storage s, Val next, boolean copy) {
        Tens value = in(next, s.layout());
        if (!copy || value.root().storage() == null) {
            return value;
        }
        Tens own = Tens.planned(s.spec(), s.layout());
        steps.add(new PlannedStep(s.name(), null, Direction.UPDATE,
                kernels.device().reorder(s.spec(), s.layout(), s.layout()), null, List.of(value), List.of(own), null,
                List.of()));
        return own;
    }

    /** Adds the copy of a value into a state at the end of a program. */
    void commit(Storage s, Val state, Tens value) {
        Tens target = in(state, s.layout());
        Kernels.Choice c = kernels.choose(new Commit(), List.of(s.spec(), s.spec()), List.of(s.spec()),
                List.of(s.layout(), s.layout()), null, false);
        if (c.plan() == null || !c.plan().predicated() || !c.plan().inPlace(0, 0)
                || !c.plan().inputs().get(0).equals(s.layout())) {
            throw new PlanException("device " + kernels.device().description() + " has no kernel for Commit in layout "
                    + s.layout().name() + " that is predicated and in place; " + String.join("; ", c.refusals()));
        }
        Tens out = Tens.planned(s.spec(), s.layout());
        out.bound = s;
        steps.add(new PlannedStep(s.name(), new Commit(), Direction.UPDATE, c.plan(), null, List.of(target, value),
                List.of(out), null, c.refusals()));
    }

    Tens primary(Val v) {
        if (v.storage() != null) {
            v.storage().decide(Layout.PLAIN);
        }
        return tens(v);
    }
}

package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.backend.Workspace;
import org.mocha4j.runtime.StepInfo;

/** A planned graph: steps, memory and what can be read. Immutable once made; opened as any number of {@link Run}s. */
public final class Program {
    final List<PlannedStep> steps;
    /** Copies of constants and unchanging storages in the layouts wanted. */
    final List<PlannedStep> refresh;
    final Map<String, Tens> reads;
    final List<Storage> assigned;
    final List<MemoryPlan.Slot> slots;
    final List<Workspace> scratch;

    Program(List<PlannedStep> steps, List<PlannedStep> refresh, Map<String, Tens> reads, List<Storage> assigned) {
        this.steps = steps;
        this.refresh = refresh;
        this.reads = reads;
        this.assigned = assigned;
        this.slots = MemoryPlan.of(steps, refresh, reads.values());
        List<PlannedStep> all = new ArrayList<>(steps);
        all.addAll(refresh);
        this.scratch = MemoryPlan.scratch(all);
    }

    /** All tensors that are leaves' memory. */
    Set<Tens> leaves() {
        Set<Tens> leaves = new LinkedHashSet<>();
        for (List<PlannedStep> list : List.of(steps, refresh)) {
            list.forEach(s -> s.in().forEach(t -> addLeaf(t, leaves)));
        }
        reads.values().forEach(t -> addLeaf(t, leaves));
        return leaves;
    }

    private static void addLeaf(Tens t, Set<Tens> leaves) {
        if (t.root().leaf != null) {
            leaves.add(t.root());
        }
    }

    /** The bytes of planned memory, without parameters and inputs. */
    public long plannedBytes() {
        return activationBytes() + scratch.stream().mapToLong(s -> s.elements() * s.type().bytes()).sum();
    }

    /** Of these, what lives from step to step: activations, gradients in passing, work space that is kept. */
    public long activationBytes() {
        return slots.stream().mapToLong(s -> s.elements * s.type.bytes()).sum();
    }

    /** The names of storages that the program writes. */
    public List<String> writes() {
        return assigned.stream().map(Storage::name).toList();
    }

    /** The steps in order. */
    public List<StepInfo> explain() {
        List<StepInfo> lines = new ArrayList<>();
        for (PlannedStep s : steps) {
            List<String> layouts = new ArrayList<>();
            s.in().forEach(t -> layouts.add(t.spec + " " + t.layout.name()));
            layouts.add("->");
            s.out().forEach(t -> layouts.add(t.spec + " " + t.layout.name()));
            String op = s.op() == null ? "reorder" : s.op().getClass().getSimpleName();
            lines.add(new StepInfo(s.layer(), op, s.direction(), s.kernel(), layouts, s.flops(), s.refusals()));
        }
        return lines;
    }
}

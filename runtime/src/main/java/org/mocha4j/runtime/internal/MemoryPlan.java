package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Workspace;

/** Which tensors share memory: those that are never alive at the same time, and outputs that may overwrite an input. */
final class MemoryPlan {
    /** Planned memory. */
    static final class Slot {
        final DataType type;
        long elements;

        Slot(DataType type, long elements) {
            this.type = type;
            this.elements = elements;
        }
    }

    private final List<PlannedStep> steps;
    private final List<Slot> slots = new ArrayList<>();
    private final Set<Integer> free = new HashSet<>();

    private MemoryPlan(List<PlannedStep> steps) {
        this.steps = steps;
    }

    /** @return the slots; the tensors know theirs */
    static List<Slot> of(List<PlannedStep> steps, List<PlannedStep> refresh, Collection<Tens> reads) {
        MemoryPlan m = new MemoryPlan(steps);
        reads.forEach(t -> t.root().last = Tens.FOREVER);
        m.lifetimes();
        refresh.forEach(s -> s.out().forEach(t -> {
            t.last = Tens.FOREVER;                               // a kept copy is read by every later run too
            t.slot = m.open(t);
        }));
        for (int i = 0; i < steps.size(); i++) {
            m.place(i);
        }
        return m.slots;
    }

    private void lifetimes() {
        for (int i = 0; i < steps.size(); i++) {
            PlannedStep s = steps.get(i);
            for (int k = 0; k < s.in().size(); k++) {
                if (s.plan() == null || s.plan().reads(k)) {
                    use(s.in().get(k).root(), i);
                }
            }
            for (Tens t : s.out()) {
                t.first = i;
                use(t, i);
            }
            if (s.saved() != null) {
                use(s.saved(), i);
            }
        }
    }

    private static void use(Tens t, int step) {
        t.last = Math.max(t.last, step);
    }

    private void place(int i) {
        PlannedStep s = steps.get(i);
        Set<Integer> taken = new HashSet<>();
        for (int o = 0; o < s.out().size(); o++) {
            Tens t = s.out().get(o);
            if (t.bound == null) {
                t.slot = overwritten(s, o, i, taken);
                if (t.slot < 0) {
                    t.slot = take(t);
                }
                taken.add(t.slot);
            }
        }
        if (s.saved() != null && s.saved().slot < 0) {
            s.saved().slot = take(s.saved());
        }
        Set<Integer> ended = new HashSet<>();
        s.in().forEach(t -> end(t.root(), i, ended));
        s.out().forEach(t -> end(t, i, ended));
        if (s.saved() != null) {
            end(s.saved(), i, ended);
        }
        s.out().forEach(t -> {
            if (t.last > i) {
                ended.remove(t.slot);
            }
        });
        free.addAll(ended);
    }

    private static void end(Tens t, int i, Set<Integer> ended) {
        if (t.slot >= 0 && t.last == i) {
            ended.add(t.slot);
        }
    }

    /** The memory of an input that ends here and that the plan may overwrite; −1 if there is none. */
    private int overwritten(PlannedStep s, int output, int i, Set<Integer> taken) {
        Plan p = s.plan();
        Tens t = s.out().get(output);
        for (int k = 0; p != null && k < s.in().size(); k++) {
            Tens x = s.in().get(k).root();
            boolean once = s.in().stream().filter(y -> y.root() == x).count() == 1;
            if (p.inPlace(k, output) && once && x.slot >= 0 && x.last == i && x.type == t.type
                    && x.elements == t.elements && s.in().get(k).layout.equals(t.layout) && !taken.contains(x.slot)) {
                return x.slot;
            }
        }
        return -1;
    }

    /** The free slot that fits best: the smallest that is large enough, else the largest, which grows. */
    private int take(Tens t) {
        int best = -1;
        for (int f : free) {
            if (slots.get(f).type == t.type && (best < 0 || better(slots.get(f).elements, slots.get(best).elements,
                    t.elements))) {
                best = f;
            }
        }
        if (best < 0) {
            return open(t);
        }
        free.remove(best);
        slots.get(best).elements = Math.max(slots.get(best).elements, t.elements);
        return best;
    }

    private static boolean better(long a, long b, long need) {
        return a >= need ? b < need || a < b : b < need && a > b;
    }

    private int open(Tens t) {
        slots.add(new Slot(t.type, t.elements));
        return slots.size() - 1;
    }

    /** The largest scratch of each type. */
    static List<Workspace> scratch(List<PlannedStep> steps) {
        List<Workspace> all = new ArrayList<>();
        for (DataType type : DataType.values()) {
            long most = steps.stream().filter(s -> s.plan() != null).map(s -> s.plan().scratch())
                    .filter(w -> w.type() == type).mapToLong(Workspace::elements).max().orElse(0);
            if (most > 0) {
                all.add(new Workspace(type, most));
            }
        }
        return all;
    }
}

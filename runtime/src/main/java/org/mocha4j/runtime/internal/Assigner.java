package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.backend.Plan;

/**
 * Arranges that states hold their next values after a run: in place where the producing kernel is predicated and nobody
 * reads the old value later; straight into memory that needs no protection; else by a predicated copy at the end.
 */
final class Assigner {
    /**
     * How storages may be written.
     *
     * @param direct  storages that need no protection: gradients
     * @param settled whether the status word is as it will be before any storage is written, so that predicated steps may
     *                write in place; else only copies at the very end write
     */
    record Writing(Set<Storage> direct, boolean settled) {
        static final Writing NOTHING = new Writing(Set.of(), false);
    }

    private final Planner planner;
    private final Ir ir;
    private final List<PlannedStep> steps;
    private final Writing writing;

    Assigner(Planner planner, Ir ir, List<PlannedStep> steps, Writing writing) {
        this.planner = planner;
        this.ir = ir;
        this.steps = steps;
        this.writing = writing;
    }

    void assign() {
        List<Ir.Assignment> copied = new ArrayList<>();
        Set<Storage> changing = new HashSet<>();
        for (Ir.Assignment a : ir.assignments) {
            if (!bind(a)) {
                copied.add(a);
                changing.add(a.storage());
            }
        }
        List<Tens> values = new ArrayList<>();
        for (Ir.Assignment a : copied) {                      // before any is written: states may be exchanged
            Tens t = planner.primary(a.next());
            a.storage().decide(t.layout);
            Storage source = source(t);
            values.add(planner.next(a.storage(), a.next(), source != a.storage() && changing.contains(source)));
        }
        for (int i = 0; i < copied.size(); i++) {
            Storage s = copied.get(i).storage();
            planner.commit(s, ir.storage(s), values.get(i));
        }
    }

    /** Lets the step that computes the next value write it into the storage, if that is safe. */
    private boolean bind(Ir.Assignment a) {
        Storage s = a.storage();
        Tens t = planner.primary(a.next());
        boolean direct = writing.direct().contains(s);
        if (direct && !isRead(s, -1)) {
            Tens root = planner.in(a.next(), s.decide(t.layout)).root();
            if (free(root) && producer(root) >= 0) {
                root.bound = s;
                return true;
            }
        }
        if ((direct || writing.settled()) && t.root() == t && free(t) && t.layout.equals(s.layout())
                && overwrites(s, t, direct)) {
            t.bound = s;
            return true;
        }
        return false;
    }

    /** Whether a tensor has memory of its own that may be exchanged for a storage's. */
    private static boolean free(Tens root) {
        return root.leaf == null && root.bound == null;
    }

    private int producer(Tens t) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).out().contains(t)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the step that computes t may do so over the storage. */
    private boolean overwrites(Storage s, Tens t, boolean direct) {
        int i = producer(t);
        if (i < 0 || isRead(s, i) || ir.assignments.stream().filter(a -> planner.primary(a.next()) == t).count() > 1) {
            return false;
        }
        PlannedStep step = steps.get(i);
        Plan p = step.plan();
        if (p == null || !direct && !p.predicated() || step.in().stream().filter(x -> source(x) == s).count() != 1) {
            return false;
        }
        for (int k = 0; k < step.in().size(); k++) {
            Tens x = step.in().get(k);
            if (source(x) == s && x.root() == x && p.inPlace(k, step.out().indexOf(t))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a step after the given one, or another state's next value, reads the memory of a storage. */
    private boolean isRead(Storage s, int after) {
        return steps.subList(after + 1, steps.size()).stream().anyMatch(p -> p.in().stream().anyMatch(x -> source(x) == s))
                || ir.assignments.stream().anyMatch(a -> a.storage() != s && source(planner.primary(a.next())) == s);
    }

    /** The storage whose memory a tensor is. */
    private static Storage source(Tens t) {
        Val leaf = t.root().leaf;
        return leaf == null ? null : leaf.storage();
    }
}

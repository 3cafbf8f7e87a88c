package org.mocha4j.runtime.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.backend.Plan;

/**
 * Arranges that states hold their next values after a run: in place where the producing kernel is predicated and nobody
 * reads the old value later; straight into memory that needs no protection; else by a predicated copy at the end.
 */
final class Assigner {
    private final Planner planner;
    private final Ir ir;
    private final List<PlannedStep> steps;

    Assigner(Planner planner, Ir ir, List<PlannedStep> steps) {
        this.planner = planner;
        this.ir = ir;
        this.steps = steps;
    }

    void assign(Set<Storage> direct) {
        Set<Storage> assigned = new HashSet<>();
        ir.assignments.forEach(a -> assigned.add(a.storage()));
        for (Ir.Assignment a : ir.assignments) {
            Storage s = a.storage();
            Tens t = planner.primary(a.next());
            if (direct.contains(s) && !isRead(s, -1)) {
                t = planner.in(a.next(), s.decide(t.layout));
                if (free(t.root())) {
                    t.root().bound = s;
                    continue;
                }
            } else if (inPlace(s, t)) {
                t.bound = s;
                continue;
            }
            s.decide(t.layout);
            Storage source = t.root().storage();
            planner.commit(s, ir.storage(s), a.next(), source != null && source != s && assigned.contains(source));
        }
    }

    /** Whether a tensor has memory of its own that may be exchanged for a storage's. */
    private static boolean free(Tens root) {
        return root.leaf == null && root.bound == null;
    }

    private boolean inPlace(Storage s, Tens t) {
        if (t.root() != t || !free(t) || !t.layout.equals(s.layout())) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            PlannedStep step = steps.get(i);
            int output = step.out().indexOf(t);
            if (output >= 0) {
                return step.plan() != null && step.plan().predicated() && overwrites(step, output, s) && !isRead(s, i)
                        && ir.assignments.stream().filter(a -> planner.primary(a.next()) == t).count() == 1;
            }
        }
        return false;
    }

    private static boolean overwrites(PlannedStep step, int output, Storage s) {
        Plan p = step.plan();
        for (int i = 0; i < step.in().size(); i++) {
            Tens x = step.in().get(i);
            if (x.leaf != null && x.leaf.storage() == s && p.inPlace(i, output)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a step after the given one reads the memory of a storage. */
    private boolean isRead(Storage s, int after) {
        for (int i = after + 1; i < steps.size(); i++) {
            for (Tens x : steps.get(i).in()) {
                if (x.root().leaf != null && x.root().leaf.storage() == s) {
                    return true;
                }
            }
        }
        return false;
    }
}

package org.mocha4j.odd.internal;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;

/**
 * A plan of this device.
 *
 * @param traits what is not ordinary about it
 * @param binder makes the code of a step
 */
record OddPlan(String kernel, List<Layout> inputs, List<Layout> outputs, Traits traits,
               Function<Binding, Runnable> binder) implements Plan {
    /** @param inPlace pairs input, output that may share memory */
    record Traits(Workspace saved, boolean readsSaved, Set<Integer> unread, Set<List<Integer>> inPlace,
                  boolean predicated) {
        static final Traits NONE = new Traits(Workspace.NONE, false, Set.of(), Set.of(), false);
    }

    OddPlan(String kernel, List<Layout> inputs, List<Layout> outputs, Function<Binding, Runnable> binder) {
        this(kernel, inputs, outputs, Traits.NONE, binder);
    }

    /** Everything plain. */
    static OddPlan plain(String kernel, PlanRequest r, Function<Binding, Runnable> binder) {
        return new OddPlan(kernel, Collections.nCopies(r.inputs().size(), Layout.PLAIN),
                Collections.nCopies(r.outputs().size(), Layout.PLAIN), binder);
    }

    OddPlan with(Traits t) {
        return new OddPlan(kernel, inputs, outputs, t, binder);
    }

    OddPlan withInPlace(Set<List<Integer>> pairs) {
        return with(new Traits(Workspace.NONE, false, Set.of(), pairs, false));
    }

    static Memory in(Binding b, int i) {
        return Arenas.memory(b.inputs().get(i));
    }

    static Memory out(Binding b, int i) {
        return Arenas.memory(b.outputs().get(i));
    }

    @Override
    public Workspace saved() {
        return traits.saved();
    }

    @Override
    public boolean readsSaved() {
        return traits.readsSaved();
    }

    @Override
    public boolean reads(int input) {
        return !traits.unread().contains(input);
    }

    @Override
    public boolean inPlace(int input, int output) {
        return traits.inPlace().contains(List.of(input, output));
    }

    @Override
    public boolean predicated() {
        return traits.predicated();
    }

    @Override
    public Step bind(Binding b) {
        return new OddStep(kernel, binder.apply(b));
    }
}

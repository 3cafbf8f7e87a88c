package org.mocha4j.nativecpu.internal;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;

/**
 * A plan of this device: how the library makes it, and where its tensors lie.
 *
 * @param traits what is not ordinary about it
 */
record NativePlan(String kernel, Code code, List<Layout> inputs, List<Layout> outputs, Traits traits) implements Plan {
    /** @param inPlace pairs input, output that may share memory */
    record Traits(Workspace scratch, Workspace saved, boolean readsSaved, Set<Integer> unread, Set<List<Integer>> inPlace,
                  boolean predicated) {
        static final Traits NONE = new Traits(Workspace.NONE, Workspace.NONE, false, Set.of(), Set.of(), false);
    }

    /** All inputs in one layout, all outputs in one. */
    static NativePlan of(String kernel, Code code, PlanRequest r, Layout in, Layout out) {
        return new NativePlan(kernel, code, Collections.nCopies(r.inputs().size(), in),
                Collections.nCopies(r.outputs().size(), out), Traits.NONE);
    }

    /** Everything plain. */
    static NativePlan plain(String kernel, Code code, PlanRequest r) {
        return of(kernel, code, r, Layout.PLAIN, Layout.PLAIN);
    }

    NativePlan named(String kernel) {
        return new NativePlan(kernel, code, inputs, outputs, traits);
    }

    NativePlan withInPlace(Set<List<Integer>> pairs) {
        return new NativePlan(kernel, code, inputs, outputs, new Traits(traits.scratch, traits.saved, traits.readsSaved,
                traits.unread, pairs, traits.predicated));
    }

    NativePlan withScratch(Workspace w) {
        return new NativePlan(kernel, code, inputs, outputs, new Traits(w, traits.saved, traits.readsSaved,
                traits.unread, traits.inPlace, traits.predicated));
    }

    NativePlan withSaved(Workspace w) {
        return new NativePlan(kernel, code, inputs, outputs, new Traits(traits.scratch, w, traits.readsSaved,
                traits.unread, traits.inPlace, traits.predicated));
    }

    /** Reads the saved work space of its forward plan, and not these inputs. */
    NativePlan readingSaved(Set<Integer> unread) {
        return new NativePlan(kernel, code, inputs, outputs, new Traits(traits.scratch, traits.saved, true, unread,
                traits.inPlace, traits.predicated));
    }

    /** Does not read these inputs. */
    NativePlan withUnread(Set<Integer> unread) {
        return new NativePlan(kernel, code, inputs, outputs, new Traits(traits.scratch, traits.saved, traits.readsSaved,
                unread, traits.inPlace, traits.predicated));
    }

    NativePlan asPredicated() {
        return new NativePlan(kernel, code, inputs, outputs, new Traits(traits.scratch, traits.saved, traits.readsSaved,
                traits.unread, traits.inPlace, true));
    }

    @Override
    public Workspace scratch() {
        return traits.scratch();
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
        return new NativeStep(this, b);
    }
}

package org.mocha4j.cuda.internal;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;

/**
 * A plan of this device: the commands that it makes of buffers, and what is not ordinary about it. All layouts are plain.
 *
 * @param commands adds the commands of bound buffers
 */
public record CudaPlan(String kernel, int inputCount, int outputCount, Traits traits,
                       BiConsumer<Binding, List<Command>> commands) implements Plan {
    /**
     * @param scratchBytes of work space for the step
     * @param savedBytes   of work space from the forward step to its gradient
     * @param unread       inputs that are not read
     * @param inPlace      pairs input, output that may share memory
     */
    public record Traits(long scratchBytes, long savedBytes, boolean readsSaved, Set<Integer> unread,
                         Set<List<Integer>> inPlace, boolean predicated) {
        public static final Traits NONE = new Traits(0, 0, false, Set.of(), Set.of(), false);
    }

    public static CudaPlan of(String kernel, PlanRequest r, BiConsumer<Binding, List<Command>> commands) {
        return new CudaPlan(kernel, r.inputs().size(), r.outputs().size(), Traits.NONE, commands);
    }

    private CudaPlan with(Traits t) {
        return new CudaPlan(kernel, inputCount, outputCount, t, commands);
    }

    public CudaPlan withScratch(long bytes) {
        return with(new Traits(bytes, traits.savedBytes, traits.readsSaved, traits.unread, traits.inPlace, traits.predicated));
    }

    public CudaPlan withSaved(long bytes) {
        return with(new Traits(traits.scratchBytes, bytes, traits.readsSaved, traits.unread, traits.inPlace,
                traits.predicated));
    }

    /** Reads the saved work space of its forward plan, and not these inputs. */
    public CudaPlan readingSaved(Set<Integer> unread) {
        return with(new Traits(traits.scratchBytes, traits.savedBytes, true, unread, traits.inPlace, traits.predicated));
    }

    public CudaPlan withUnread(Set<Integer> unread) {
        return with(new Traits(traits.scratchBytes, traits.savedBytes, traits.readsSaved, unread, traits.inPlace,
                traits.predicated));
    }

    public CudaPlan withInPlace(Set<List<Integer>> pairs) {
        return with(new Traits(traits.scratchBytes, traits.savedBytes, traits.readsSaved, traits.unread, pairs,
                traits.predicated));
    }

    public CudaPlan asPredicated() {
        return with(new Traits(traits.scratchBytes, traits.savedBytes, traits.readsSaved, traits.unread, traits.inPlace, true));
    }

    @Override
    public List<Layout> inputs() {
        return Collections.nCopies(inputCount, Layout.PLAIN);
    }

    @Override
    public List<Layout> outputs() {
        return Collections.nCopies(outputCount, Layout.PLAIN);
    }

    /** Work space has one type whatever is in it, so that the steps of a program share one block. */
    private static Workspace workspace(long bytes) {
        return bytes == 0 ? Workspace.NONE : new Workspace(DataType.FLOAT32, (bytes + 3) / 4);
    }

    @Override
    public Workspace scratch() {
        return workspace(traits.scratchBytes());
    }

    @Override
    public Workspace saved() {
        return workspace(traits.savedBytes());
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
        List<Command> all = new java.util.ArrayList<>();
        commands.accept(b, all);
        return new CudaStep(kernel, List.copyOf(all));
    }
}

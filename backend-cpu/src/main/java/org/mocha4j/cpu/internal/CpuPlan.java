package org.mocha4j.cpu.internal;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;

/**
 * A plan in which all tensors are {@link Layout#PLAIN}.
 *
 * @param onlyLast whether only the last input is read
 */
public record CpuPlan(String kernel, int inputCount, int outputCount, Workspace scratch, Workspace saved,
                      boolean readsSaved, boolean onlyLast, boolean predicated, InPlace inPlace,
                      Function<Binding, Step> binder) implements Plan {
    /** Which input's buffer an output may take. */
    @FunctionalInterface
    public interface InPlace {
        InPlace NEVER = (input, output) -> false;
        InPlace FIRST = (input, output) -> input == 0 && output == 0;

        boolean permits(int input, int output);
    }

    public CpuPlan(String kernel, int inputCount, int outputCount, Function<Binding, Step> binder) {
        this(kernel, inputCount, outputCount, Workspace.NONE, Workspace.NONE, false, false, false, InPlace.NEVER,
                binder);
    }

    public CpuPlan withScratch(Workspace w) {
        return new CpuPlan(kernel, inputCount, outputCount, w, saved, readsSaved, onlyLast, predicated, inPlace,
                binder);
    }

    public CpuPlan withSaved(Workspace w) {
        return new CpuPlan(kernel, inputCount, outputCount, scratch, w, readsSaved, onlyLast, predicated, inPlace,
                binder);
    }

    /** Reads the forward plan's saved work space and the last input only. */
    public CpuPlan withSavedRead() {
        return new CpuPlan(kernel, inputCount, outputCount, scratch, saved, true, true, predicated, inPlace, binder);
    }

    /** Of its inputs reads the last only. */
    public CpuPlan readingOnlyLast() {
        return new CpuPlan(kernel, inputCount, outputCount, scratch, saved, readsSaved, true, predicated, inPlace,
                binder);
    }

    public CpuPlan withInPlace(InPlace p) {
        return new CpuPlan(kernel, inputCount, outputCount, scratch, saved, readsSaved, onlyLast, predicated, p,
                binder);
    }

    public CpuPlan asPredicated(InPlace p) {
        return new CpuPlan(kernel, inputCount, outputCount, scratch, saved, readsSaved, onlyLast, true, p, binder);
    }

    @Override
    public List<Layout> inputs() {
        return Collections.nCopies(inputCount, Layout.PLAIN);
    }

    @Override
    public List<Layout> outputs() {
        return Collections.nCopies(outputCount, Layout.PLAIN);
    }

    @Override
    public boolean reads(int input) {
        return !onlyLast || input == inputCount - 1;
    }

    @Override
    public boolean inPlace(int input, int output) {
        return inPlace.permits(input, output);
    }

    @Override
    public Step bind(Binding b) {
        return binder.apply(b);
    }
}

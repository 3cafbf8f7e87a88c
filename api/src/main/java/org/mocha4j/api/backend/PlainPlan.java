package org.mocha4j.api.backend;

import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * A plan in which everything is {@link Layout#PLAIN}: all that a simple kernel needs.
 *
 * @param inPlaceInput the input whose buffer output 0 may take; −1 for none
 */
public record PlainPlan(String kernel, int inputCount, int outputCount, Workspace scratch, int inPlaceInput,
                        Function<Binding, Step> binder) implements Plan {
    public static PlainPlan of(String kernel, PlanRequest r, Function<Binding, Step> binder) {
        return new PlainPlan(kernel, r.inputs().size(), r.outputs().size(), Workspace.NONE, -1, binder);
    }

    public PlainPlan withScratch(Workspace w) {
        return new PlainPlan(kernel, inputCount, outputCount, w, inPlaceInput, binder);
    }

    public PlainPlan withInPlace(int input) {
        return new PlainPlan(kernel, inputCount, outputCount, scratch, input, binder);
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
    public boolean inPlace(int input, int output) {
        return output == 0 && input == inPlaceInput;
    }

    @Override
    public Step bind(Binding b) {
        return binder.apply(b);
    }
}

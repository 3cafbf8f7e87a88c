package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Flat;

/**
 * A coffee break and when it is due; exactly one of the two periods is given. Each break is also due at iteration 0.
 *
 * @param coffeeBreak     what to do; its own fields stand beside these in files
 * @param everyIterations due whenever this many more iterations are completed
 * @param everyEpochs     due whenever this many more epochs of the first data layer are completed
 */
public record BreakConfig(@Flat CoffeeBreak coffeeBreak, Integer everyIterations, Integer everyEpochs) {
    public BreakConfig {
        require(coffeeBreak != null, "type", null, "a coffee break such as TrainingSummary");
        require((everyIterations == null) != (everyEpochs == null), "everyIterations, everyEpochs",
                everyIterations + ", " + everyEpochs, "exactly one of the two");
        positive(everyIterations == null ? "everyEpochs" : "everyIterations",
                everyIterations == null ? everyEpochs : everyIterations);
    }

    public static BreakConfig everyIterations(int n, CoffeeBreak b) {
        return new BreakConfig(b, n, null);
    }

    public static BreakConfig everyEpochs(int n, CoffeeBreak b) {
        return new BreakConfig(b, null, n);
    }
}

package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import org.mocha4j.api.Flat;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;

/**
 * How a net is trained: in files {@code solver: {type: SGD, iterations: 10000, momentum: 0.9, rate: 0.01}}.
 *
 * @param rule           changes the parameters; its own fields stand beside these in files
 * @param iterations     updates to make, at least 0
 * @param regularization the factor g of all penalties, default 0
 * @param rate           the learning rate over the completed iterations, required
 * @param gradients      changes of all gradients before the update, in this order; default none
 * @param accumulate     batches whose mean gradient makes one update, default 1
 */
public record SolverConfig(@Flat UpdateRule rule, int iterations, Double regularization, Policy rate,
                           List<GradientRule> gradients, Integer accumulate) {
    public SolverConfig {
        require(rule != null, "type", null, "a solver such as SGD");
        require(iterations >= 0, "iterations", iterations, "at least 0");
        regularization = or(regularization, 0.0);
        require(Double.isFinite(regularization) && regularization >= 0, "regularization", regularization,
                "a finite number of at least 0");
        require(rate != null, "rate", null, "a number or a policy such as {type: Fixed, …}");
        gradients = gradients == null ? List.of() : List.copyOf(gradients);
        accumulate = or(accumulate, 1);
        positive("accumulate", accumulate);
    }

    /** Without penalties, gradient rules and accumulation. */
    public static SolverConfig of(UpdateRule rule, int iterations, double rate) {
        return of(rule, iterations, Policy.of(rate));
    }

    /** Without penalties, gradient rules and accumulation. */
    public static SolverConfig of(UpdateRule rule, int iterations, Policy rate) {
        return new SolverConfig(rule, iterations, null, rate, null, null);
    }

    /** The same with another factor of all penalties. */
    public SolverConfig withRegularization(double g) {
        return new SolverConfig(rule, iterations, g, rate, gradients, accumulate);
    }

    /** The same for another number of iterations. */
    public SolverConfig withIterations(int n) {
        return new SolverConfig(rule, n, regularization, rate, gradients, accumulate);
    }
}

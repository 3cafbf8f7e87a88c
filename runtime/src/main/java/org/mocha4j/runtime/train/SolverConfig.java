package org.mocha4j.runtime.train;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.LinkedHashSet;
import java.util.List;
import org.mocha4j.api.Figures;
import org.mocha4j.api.Flat;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.runtime.TrainingOptions;

/**
 * How a net is trained: in files {@code solver: {type: SGD, iterations: 10000, momentum: 0.9, rate: 0.01}}.
 *
 * @param rule            changes the parameters; its own fields stand beside these in files
 * @param iterations      updates to make, at least 0
 * @param regularization  the factor g of all penalties, default 0
 * @param rate            the learning rate over the completed iterations, required
 * @param gradients       changes of all gradients before the update, in this order; default none
 * @param accumulate      batches whose mean gradient makes one update, default 1
 * @param frozen          names of layers that keep their parameters and states, at first; default none
 * @param reportPenalties whether the objective that is reported includes the penalties, default false
 */
public record SolverConfig(@Flat UpdateRule rule, int iterations, Double regularization, Policy rate,
                           List<GradientRule> gradients, Integer accumulate, List<String> frozen,
                           Boolean reportPenalties) {
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
        frozen = frozen == null ? List.of() : List.copyOf(frozen);
        reportPenalties = or(reportPenalties, false);
    }

    /** Nothing frozen, penalties not reported. */
    public SolverConfig(UpdateRule rule, int iterations, Double regularization, Policy rate, List<GradientRule> gradients,
                        Integer accumulate) {
        this(rule, iterations, regularization, rate, gradients, accumulate, null, null);
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
        return new SolverConfig(rule, iterations, g, rate, gradients, accumulate, frozen, reportPenalties);
    }

    /** The same for another number of iterations. */
    public SolverConfig withIterations(int n) {
        return new SolverConfig(rule, n, regularization, rate, gradients, accumulate, frozen, reportPenalties);
    }

    /** The same with these layers frozen at first. */
    public SolverConfig withFrozen(String... layers) {
        return new SolverConfig(rule, iterations, regularization, rate, gradients, accumulate, List.of(layers),
                reportPenalties);
    }

    /** The same for a training in a run that records figures, at which the rate may look. */
    public TrainingOptions options(Figures recorded) {
        return new TrainingOptions(rule, regularization, new Looking(rate, recorded), gradients, accumulate,
                new LinkedHashSet<>(frozen), reportPenalties);
    }

    /** The rate in a run. */
    private record Looking(Policy rate, Figures recorded) implements Policy {
        @Override
        public double at(long iteration) {
            return rate.at(iteration, recorded);
        }
    }
}

package org.mocha4j.runtime;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Checks;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;

/**
 * How parameters are updated.
 *
 * @param regularization  global coefficient of all penalties
 * @param rate            learning rate
 * @param gradients       rules applied to all gradients, in order, before penalties are added
 * @param accumulate      batches per update, whose gradients are averaged
 * @param frozen          names of layers that keep their parameters and states, at first
 * @param reportPenalties whether {@link Training#objective()} includes the penalties
 */
public record TrainingOptions(UpdateRule rule, double regularization, Policy rate, List<GradientRule> gradients,
                              int accumulate, Set<String> frozen, boolean reportPenalties) {
    public TrainingOptions {
        Checks.require(rule != null, "rule", null, "an update rule such as SGD");
        Checks.require(rate != null, "rate", null, "a number or a policy");
        Checks.require(Double.isFinite(regularization) && regularization >= 0, "regularization", regularization,
                "a finite number of at least 0");
        Checks.positive("accumulate", accumulate);
        gradients = gradients == null ? List.of() : List.copyOf(gradients);
        frozen = frozen == null ? Set.of() : Collections.unmodifiableSet(new LinkedHashSet<>(frozen));
    }

    /** Nothing frozen, penalties not reported. */
    public TrainingOptions(UpdateRule rule, double regularization, Policy rate, List<GradientRule> gradients,
                           int accumulate) {
        this(rule, regularization, rate, gradients, accumulate, Set.of(), false);
    }

    public static TrainingOptions of(UpdateRule rule, double rate) {
        return new TrainingOptions(rule, 0, Policy.of(rate), List.of(), 1);
    }
}

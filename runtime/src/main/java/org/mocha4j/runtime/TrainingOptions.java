package org.mocha4j.runtime;

import java.util.List;
import org.mocha4j.api.Checks;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;

/**
 * How parameters are updated.
 *
 * @param regularization global coefficient of all penalties
 * @param rate           learning rate
 * @param gradients      rules applied to all gradients, in order, before penalties are added
 * @param accumulate     batches per update, whose gradients are averaged
 */
public record TrainingOptions(UpdateRule rule, double regularization, Policy rate, List<GradientRule> gradients,
                              int accumulate) {
    public TrainingOptions {
        Checks.require(rule != null, "rule", null, "an update rule such as SGD");
        Checks.require(rate != null, "rate", null, "a number or a policy");
        Checks.require(Double.isFinite(regularization) && regularization >= 0, "regularization", regularization,
                "a finite number of at least 0");
        Checks.positive("accumulate", accumulate);
        gradients = gradients == null ? List.of() : List.copyOf(gradients);
    }

    public static TrainingOptions of(UpdateRule rule, double rate) {
        return new TrainingOptions(rule, 0, Policy.of(rate), List.of(), 1);
    }
}

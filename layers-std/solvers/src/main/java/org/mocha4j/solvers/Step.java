package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * min(base · gamma^⌊i / stepSize⌋, max), i the completed iterations. Without max as Caffe's {@code step}; with it as
 * Mocha's momentum policy of this name.
 *
 * @param base     in the first stepSize iterations
 * @param gamma    the factor of each step
 * @param stepSize iterations between two changes, at least 1
 * @param max      default: no limit
 * @yaml {type: Step, base: 0.01, gamma: 0.1, stepSize: 5000}
 * @java new Step(0.01, 0.1, 5000)
 * @caffe lr_policy: "step" with base_lr, gamma, stepsize
 * @mocha LRPolicy.Step(base_lr, gamma, stepsize)
 */
public record Step(double base, double gamma, int stepSize, Double max) implements Policy {
    public Step {
        finite("base", base);
        finite("gamma", gamma);
        positive("stepSize", stepSize);
        require(max == null || Double.isFinite(max), "max", max, "a finite number");
    }

    /** Without limit. */
    public Step(double base, double gamma, int stepSize) {
        this(base, gamma, stepSize, null);
    }

    @Override
    public double at(long iteration) {
        double value = base * Math.pow(gamma, iteration / stepSize);
        return max == null ? value : Math.min(value, max);
    }
}

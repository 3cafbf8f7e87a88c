package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * min(base + ⌊i / stepSize⌋ · gamma, max), i the completed iterations. As Mocha's momentum policy of this name.
 *
 * @param base     in the first stepSize iterations
 * @param gamma    what each step adds
 * @param stepSize iterations between two changes, at least 1
 * @param max      default: no limit
 * @yaml {type: Linear, base: 0.5, gamma: 0.01, stepSize: 100, max: 0.9}
 * @java new Linear(0.5, 0.01, 100, 0.9)
 * @caffe none
 * @mocha MomPolicy.Linear(base_mom, gamma, stepsize, max_mom)
 */
public record Linear(double base, double gamma, int stepSize, Double max) implements Policy {
    public Linear {
        finite("base", base);
        finite("gamma", gamma);
        positive("stepSize", stepSize);
        require(max == null || Double.isFinite(max), "max", max, "a finite number");
    }

    @Override
    public double at(long iteration) {
        double value = base + iteration / stepSize * gamma;
        return max == null ? value : Math.min(value, max);
    }
}

package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.positive;

import org.mocha4j.api.Policy;

/**
 * base · gamma^⌊i / stepSize⌋, i the completed iterations. As Caffe's {@code step}.
 *
 * @param stepSize iterations between two changes, at least 1
 */
public record Step(double base, double gamma, int stepSize) implements Policy {
    public Step {
        finite("base", base);
        finite("gamma", gamma);
        positive("stepSize", stepSize);
    }

    @Override
    public double at(long iteration) {
        return base * Math.pow(gamma, iteration / stepSize);
    }
}

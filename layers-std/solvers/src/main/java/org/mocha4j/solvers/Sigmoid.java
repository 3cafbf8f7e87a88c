package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * base / (1 + e^(−gamma · (i − stepSize))), i the completed iterations: falls around stepSize where gamma is negative.
 * As Caffe's {@code sigmoid}.
 *
 * @param stepSize the iteration of half the base, at least 0
 */
public record Sigmoid(double base, double gamma, int stepSize) implements Policy {
    public Sigmoid {
        finite("base", base);
        finite("gamma", gamma);
        require(stepSize >= 0, "stepSize", stepSize, "at least 0");
    }

    @Override
    public double at(long iteration) {
        return base / (1 + Math.exp(-gamma * (iteration - stepSize)));
    }
}

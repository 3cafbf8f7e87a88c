package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * base / (1 + e^(−gamma · (i − stepSize))), i the completed iterations: falls around stepSize where gamma is negative.
 * As Caffe's {@code sigmoid}.
 *
 * @param base     the value that it falls from or rises to
 * @param gamma    how steeply
 * @param stepSize the iteration of half the base, at least 0
 * @yaml {type: Sigmoid, base: 0.01, gamma: -0.001, stepSize: 5000}
 * @java new org.mocha4j.solvers.Sigmoid(0.01, -0.001, 5000)
 * @caffe lr_policy: "sigmoid" with base_lr, gamma, stepsize
 * @mocha none
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

package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;

import org.mocha4j.api.Policy;

/** base · gamma^i, i the completed iterations. As Caffe's {@code exp}. */
public record Exp(double base, double gamma) implements Policy {
    public Exp {
        finite("base", base);
        finite("gamma", gamma);
    }

    @Override
    public double at(long iteration) {
        return base * Math.pow(gamma, iteration);
    }
}

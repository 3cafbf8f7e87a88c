package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;

import org.mocha4j.api.Policy;

/**
 * base · gamma^i, i the completed iterations. As Caffe's {@code exp}.
 *
 * @param base  at iteration 0
 * @param gamma the factor of each iteration
 * @yaml {type: Exp, base: 0.01, gamma: 0.999}
 * @java new Exp(0.01, 0.999)
 * @caffe lr_policy: "exp" with base_lr, gamma
 * @mocha LRPolicy.Exp(base_lr, gamma)
 */
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

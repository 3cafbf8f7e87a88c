package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * base · (1 + gamma · i)^−power, i the completed iterations; gamma at least 0. As Caffe's {@code inv}.
 *
 * @param base  at iteration 0
 * @param gamma how soon it falls, at least 0
 * @param power how steeply it falls
 * @yaml {type: Inv, base: 0.01, gamma: 0.0001, power: 0.75}
 * @java new Inv(0.01, 0.0001, 0.75)
 * @caffe lr_policy: "inv" with base_lr, gamma, power
 * @mocha LRPolicy.Inv(base_lr, gamma, power)
 */
public record Inv(double base, double gamma, double power) implements Policy {
    public Inv {
        finite("base", base);
        require(Double.isFinite(gamma) && gamma >= 0, "gamma", gamma, "a finite number of at least 0");
        finite("power", power);
    }

    @Override
    public double at(long iteration) {
        return base * Math.pow(1 + gamma * iteration, -power);
    }
}

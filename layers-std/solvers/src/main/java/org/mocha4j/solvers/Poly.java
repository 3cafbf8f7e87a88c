package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * base · (1 − i / iterations)^power, i the completed iterations; 0 from {@code iterations} on. As Caffe's {@code poly},
 * whose divisor is {@code max_iter}.
 *
 * @param base       at iteration 0
 * @param power      at least 0
 * @param iterations at which it reaches 0, at least 1; usually the solver's
 * @yaml {type: Poly, base: 0.01, power: 0.5, iterations: 10000}
 * @java new Poly(0.01, 0.5, 10_000)
 * @caffe lr_policy: "poly" with base_lr, power and the solver's max_iter
 * @mocha none
 */
public record Poly(double base, double power, int iterations) implements Policy {
    public Poly {
        finite("base", base);
        require(Double.isFinite(power) && power >= 0, "power", power, "a finite number of at least 0");
        positive("iterations", iterations);
    }

    @Override
    public double at(long iteration) {
        return iteration >= iterations ? 0 : base * Math.pow(1 - (double) iteration / iterations, power);
    }
}

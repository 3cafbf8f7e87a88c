package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import java.util.stream.IntStream;
import org.mocha4j.api.Policy;

/**
 * base · gamma^k, k the number of steps that are at most i, the completed iterations. As Caffe's {@code multistep}.
 *
 * @param base  before the first step
 * @param gamma the factor of each step
 * @param steps iterations at which the value changes, at least one, rising, from 1 on
 * @yaml {type: Multistep, base: 0.01, gamma: 0.1, steps: [5000, 8000]}
 * @java new Multistep(0.01, 0.1, List.of(5000, 8000))
 * @caffe lr_policy: "multistep" with base_lr, gamma, stepvalue
 * @mocha none; Staged says the same
 */
public record Multistep(double base, double gamma, List<Integer> steps) implements Policy {
    public Multistep {
        finite("base", base);
        finite("gamma", gamma);
        List<Integer> s = steps;
        require(s != null && !s.isEmpty() && s.get(0) > 0
                && IntStream.range(1, s.size()).allMatch(k -> s.get(k) > s.get(k - 1)), "steps", s,
                "iterations of at least 1 in rising order");
        steps = List.copyOf(steps);
    }

    @Override
    public double at(long iteration) {
        int passed = 0;
        while (passed < steps.size() && iteration >= steps.get(passed)) {
            passed++;
        }
        return base * Math.pow(gamma, passed);
    }
}

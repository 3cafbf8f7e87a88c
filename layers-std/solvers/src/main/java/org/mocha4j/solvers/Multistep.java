package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import java.util.stream.IntStream;
import org.mocha4j.api.Policy;

/**
 * base · gamma^k, k the number of steps that are at most i, the completed iterations. As Caffe's {@code multistep}.
 *
 * @param steps iterations at which the value changes, at least one, rising, from 1 on
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

package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * min(base + ⌊i / stepSize⌋ · gamma, max), i the completed iterations. As Mocha's momentum policy of this name.
 *
 * @param stepSize iterations between two changes, at least 1
 * @param max      default: no limit
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

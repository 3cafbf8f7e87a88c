package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;

import org.mocha4j.api.Policy;

/** Always the same: base. */
public record Fixed(double base) implements Policy {
    public Fixed {
        finite("base", base);
    }

    @Override
    public double at(long iteration) {
        return base;
    }
}

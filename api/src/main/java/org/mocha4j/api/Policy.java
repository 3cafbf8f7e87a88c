package org.mocha4j.api;

/** A number that changes while training: learning rate, momentum. In files a plain number is constant. */
@Role("policy")
@FunctionalInterface
public interface Policy {
    /** @param iteration the number of completed updates, 0 at the first */
    double at(long iteration);

    /** The policy that is always v. */
    static Policy of(double v) {
        return new Constant(v);
    }

    /** A constant policy; equal by value. */
    record Constant(double value) implements Policy {
        public Constant {
            Checks.finite("value", value);
        }

        @Override
        public double at(long iteration) {
            return value;
        }
    }
}

package org.mocha4j.api;

import java.util.Set;

/**
 * A number that changes while training: learning rate, momentum. In files a plain number is constant. Most policies
 * are functions of the iteration; a learning rate may also look at what the run has recorded.
 */
@Role("policy")
@FunctionalInterface
public interface Policy {
    /** @param iteration the number of completed updates, 0 at the first */
    double at(long iteration);

    /**
     * The number in a run that has recorded some figures. Allocates nothing. A function of its arguments alone, so that
     * a resumed run goes on like an uninterrupted one.
     */
    default double at(long iteration, Figures recorded) {
        return at(iteration);
    }

    /** The names of the figures that it looks at, so that a run can tell when nothing records them. */
    default Set<String> follows() {
        return Set.of();
    }

    /**
     * Whether the run shall take back the parameters of its last snapshot; asked at each iteration with coffee breaks,
     * after those that record and before those that save.
     */
    default boolean goesBack(long iteration, Figures recorded) {
        return false;
    }

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

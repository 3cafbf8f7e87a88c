package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;

import org.mocha4j.api.Policy;

/**
 * Always the same: base.
 *
 * @param base the value
 * @yaml {type: Fixed, base: 0.01}
 * @java new Fixed(0.01)
 * @caffe lr_policy: "fixed" with base_lr
 * @mocha LRPolicy.Fixed(base_lr), MomPolicy.Fixed(base_mom)
 */
public record Fixed(double base) implements Policy {
    public Fixed {
        finite("base", base);
    }

    @Override
    public double at(long iteration) {
        return base;
    }
}

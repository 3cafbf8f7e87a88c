package org.mocha4j.initializers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * Uniform in [min, max). As Caffe's {@code uniform}.
 *
 * @param min default 0
 * @param max at least min, default 1
 * @yaml {type: Uniform, min: -0.1, max: 0.1}
 * @java new Uniform(-0.1, 0.1)
 * @caffe the filler uniform: min, max
 * @mocha none
 */
public record Uniform(Double min, Double max) implements Initializer {
    public Uniform {
        min = or(min, 0.0);
        max = or(max, 1.0);
        finite("min", min);
        require(Double.isFinite(max) && max >= min, "max", max, "a finite number of at least min, " + min);
    }

    @Override
    public void fill(HostTensor t, RandomStream random) {
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, min + (max - min) * random.uniform());
        }
    }
}

package org.mocha4j.initializers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * Normally distributed elements.
 *
 * @param mean default 0
 * @param std  standard deviation, at least 0, default 1
 * @yaml {type: Gaussian, std: 0.01}
 * @java new Gaussian(null, 0.01)
 * @caffe the filler gaussian: mean, std
 * @mocha GaussianInitializer: mean, std
 */
public record Gaussian(Double mean, Double std) implements Initializer {
    public Gaussian {
        mean = or(mean, 0.0);
        std = or(std, 1.0);
        finite("mean", mean);
        require(Double.isFinite(std) && std >= 0, "std", std, "a finite number of at least 0");
    }

    @Override
    public void fill(HostTensor t, RandomStream random) {
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, mean + std * random.normal());
        }
    }
}

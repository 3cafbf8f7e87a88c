package org.mocha4j.initializers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * Every element is the same number.
 *
 * @param value the number, default 0
 * @yaml {type: Constant, value: 0.1}
 * @java new Constant(0.1)
 * @caffe the filler constant: value
 * @mocha ConstantInitializer: value
 */
public record Constant(Double value) implements Initializer {
    public Constant {
        value = or(value, 0.0);
        finite("value", value);
    }

    @Override
    public void fill(HostTensor t, RandomStream random) {
        t.fill(value);
    }
}

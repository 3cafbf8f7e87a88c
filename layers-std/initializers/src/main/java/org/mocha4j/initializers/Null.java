package org.mocha4j.initializers;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * Says that the values come from elsewhere, such as a parameter file: they are 0 until then. Mocha leaves them
 * undefined.
 *
 * @yaml {type: "Null"}
 * @java new Null()
 * @caffe none
 * @mocha NullInitializer
 */
public record Null() implements Initializer {
    @Override
    public void fill(HostTensor t, RandomStream random) {
        t.fill(0);
    }
}

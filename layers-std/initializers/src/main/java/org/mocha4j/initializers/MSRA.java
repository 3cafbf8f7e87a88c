package org.mocha4j.initializers;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * Normally distributed with mean 0 and variance 2 / fan-in, for layers followed by ReLU. Fan-in is the product of all
 * extents but the first, the outputs'; 1 for a vector. He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015; as
 * Caffe's {@code msra} with its default variance norm.
 *
 * @yaml MSRA
 * @java new MSRA()
 * @caffe the filler msra with its default, variance_norm: FAN_IN
 * @mocha none
 */
public record MSRA() implements Initializer {
    @Override
    public void fill(HostTensor t, RandomStream random) {
        double std = Math.sqrt(2.0 / Math.max(1, Initializer.fanIn(t.shape())));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, std * random.normal());
        }
    }
}

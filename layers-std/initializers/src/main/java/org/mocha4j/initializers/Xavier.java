package org.mocha4j.initializers;

import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.RandomStream;

/**
 * Uniform in [−s, s), s = √(3 / fan-in), so that the variance is 1 / fan-in. Fan-in is the product of all extents but
 * the first, the outputs' (a convolution: C/groups · kh · kw; an inner product: its inputs); 1 for a vector.
 *
 * <p>Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010, with
 * fan-in alone as Mocha and Caffe have it by default.
 *
 * @yaml Xavier
 * @java new Xavier()
 * @caffe the filler xavier with its default, variance_norm: FAN_IN
 * @mocha XavierInitializer
 */
public record Xavier() implements Initializer {
    @Override
    public void fill(HostTensor t, RandomStream random) {
        double s = Math.sqrt(3.0 / Math.max(1, Initializer.fanIn(t.shape())));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, s * (2 * random.uniform() - 1));
        }
    }
}

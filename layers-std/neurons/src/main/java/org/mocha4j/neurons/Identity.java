package org.mocha4j.neurons;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;

/**
 * y = x. The neuron of a layer that names none.
 *
 * @yaml Identity
 * @java new Identity()
 * @caffe none
 * @mocha Neurons.Identity
 */
public record Identity() implements Neuron {
    @Override
    public Value apply(Graph g, Value x) {
        return x;
    }
}

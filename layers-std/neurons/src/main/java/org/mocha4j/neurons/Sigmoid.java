package org.mocha4j.neurons;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;

/**
 * y = 1 / (1 + e^−x). dx = dy · y · (1 − y). Overflows nowhere.
 *
 * @yaml Sigmoid
 * @java new Sigmoid()
 * @caffe Sigmoid, a layer
 * @mocha Neurons.Sigmoid
 */
public record Sigmoid() implements Neuron {
    @Override
    public Value apply(Graph g, Value x) {
        return g.op(new org.mocha4j.api.ops.Sigmoid(), x);
    }
}

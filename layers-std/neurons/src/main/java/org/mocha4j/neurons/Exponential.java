package org.mocha4j.neurons;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * y = eˣ, infinite where that is out of range. dx = dy · y. As Mocha; Caffe has a layer {@code Exp}.
 *
 * @yaml Exponential
 * @java new Exponential()
 * @caffe Exp, a layer
 * @mocha Neurons.Exponential
 */
public record Exponential() implements Neuron {
    @Override
    public Value apply(Graph g, Value x) {
        return Ops.exp(g, x);
    }
}

package org.mocha4j.neurons;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * The hyperbolic tangent: y = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). dx = dy · (1 − y²). Overflows nowhere. As Mocha and Caffe.
 *
 * @yaml Tanh
 * @java new Tanh()
 * @caffe TanH, a layer
 * @mocha Neurons.Tanh
 */
public record Tanh() implements Neuron {
    @Override
    public Value apply(Graph g, Value x) {
        return Ops.tanh(g, x);
    }
}

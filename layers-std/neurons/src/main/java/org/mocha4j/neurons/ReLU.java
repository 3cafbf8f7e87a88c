package org.mocha4j.neurons;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Relu;

/** y = max(x, 0), NaN for NaN. dx = dy where y &gt; 0, else 0 (at x = 0 too, as in Mocha and Caffe). */
public record ReLU() implements Neuron {
    @Override
    public Value apply(Graph g, Value x) {
        return g.op(new Relu(), x);
    }
}

package org.mocha4j.neurons;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;

/** y = x. The neuron of a layer that names none. */
public record Identity() implements Neuron {
    @Override
    public Value apply(Graph g, Value x) {
        return x;
    }
}

package org.mocha4j.layers;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;

/**
 * Gives each bottom, of any shape, another name: y = x; one top per bottom. For a neuron of its own, or where a net
 * needs a name that another layer does not give. As Mocha.
 *
 * @yaml {name: code, type: Identity, neuron: Sigmoid, bottoms: [ip1], tops: [code]}
 * @java Node.of("code", new org.mocha4j.layers.Identity(), "ip1").with(new org.mocha4j.neurons.Sigmoid())
 * @shape ip1 [64, 20]
 * @caffe none; its neurons are layers
 * @mocha IdentityLayer
 */
public record Identity() implements Layer {
    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs;
    }
}

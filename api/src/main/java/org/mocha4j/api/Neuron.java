package org.mocha4j.api;

/** An activation function, applied to each top of a layer. */
@Role("neuron")
public interface Neuron {
    /** @return a value of the same shape */
    Value apply(Graph g, Value x);
}

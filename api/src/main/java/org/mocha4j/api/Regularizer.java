package org.mocha4j.api;

/** A penalty on the size of weights. Its gradient is derived. */
@Role("regularizer")
public interface Regularizer {
    /** The penalty, one element, before the solver's global coefficient; null for none. */
    Value penalty(Graph g, Value weights);
}

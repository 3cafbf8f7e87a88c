package org.mocha4j.api;

/** A set that weights are projected onto after an update. */
@Role("constraint")
public interface Constraint {
    /** The projected weights, same shape. The outputs of a layer lie along axis 0. */
    Value project(Graph g, Value weights);
}

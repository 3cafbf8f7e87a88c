package org.mocha4j.runtime;

/** What a layer is for in a net, as it showed when it was built. */
public enum LayerRole {
    /** Brings data into the net. */
    DATA,
    /** Adds to the objective. */
    LOSS,
    /** Measures, such as accuracy. */
    STATISTIC,
    /** Hands values out of the net. */
    SINK,
    /** Computes its tops from its bottoms. */
    COMPUTATION
}

package org.mocha4j.api;

/** What a net is built for. */
public enum Phase {
    /** Learning: dropout is active, statistics of the batch are used, gradients follow. */
    TRAIN,
    /** Inference and validation: no state is written. */
    TEST
}

package org.mocha4j.regularizers;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Regularizer;
import org.mocha4j.api.Value;

/**
 * No penalty.
 *
 * @yaml No
 * @java new No()
 * @caffe decay_mult: 0
 * @mocha NoRegu
 */
public record No() implements Regularizer {
    @Override
    public Value penalty(Graph g, Value weights) {
        return null;
    }
}

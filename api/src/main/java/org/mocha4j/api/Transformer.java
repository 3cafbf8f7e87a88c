package org.mocha4j.api;

/** A transformation of input data, in both phases, without gradient or parameters. */
@Role("transformer")
public interface Transformer {
    /** @param x a batch, samples along axis 0 */
    Value apply(Graph g, Value x);
}

package org.mocha4j.api;

/**
 * First values of a parameter, computed on the host, so every backend starts from the same bits. The outputs of a
 * layer lie along axis 0; fan-in is the product of the other extents.
 */
@Role("initializer")
public interface Initializer {
    /** Writes every element of t. */
    void fill(HostTensor t, RandomStream random);

    /** The product of all extents but the first; 1 for rank 0 and 1. */
    static long fanIn(Shape s) {
        return s.rank() < 2 ? 1 : s.product(1, s.rank());
    }
}

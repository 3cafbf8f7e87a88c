package org.mocha4j.api;

/**
 * What coffee breaks have recorded in a run so far: for each name, such as {@code test-accuracy}, figures in the order
 * of their iterations. A resumed run has those of the run that it continues.
 */
public interface Figures {
    /** The number of figures of a name; 0 for one that nothing records. */
    int count(String name);

    /** The completed updates at the k-th figure of a name, k from 0 on. */
    long iteration(String name, int k);

    /** The k-th figure of a name, k from 0 on. */
    double value(String name, int k);
}

package org.mocha4j.api;

import java.util.List;

/**
 * A layer of a net: a record with its configuration that adds ops to a graph. No backward, no backend, no memory.
 * Its null components mean defaults; its compact constructor is the only place for defaults and checks.
 */
@Role("layer")
public interface Layer {
    /**
     * @param inputs the bottoms, in order
     * @return the tops, in order
     * @throws ShapeException if the bottoms do not fit
     */
    List<Value> build(Graph g, List<Value> inputs);

    /** Whether the tops are the bottoms, under the same names, where a net names none. */
    default boolean inPlace() {
        return false;
    }
}

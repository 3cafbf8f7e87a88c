package org.mocha4j.api;

import java.util.List;

/** A change of all gradients together before the update, such as clipping by their global norm. */
@Role("gradient rule")
public interface GradientRule {
    /** @return as many values of the same shapes */
    List<Value> apply(Graph g, List<Value> gradients);
}

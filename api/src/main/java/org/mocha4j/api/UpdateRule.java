package org.mocha4j.api;

/** The rule by which a solver changes one parameter. */
@Role("solver")
public interface UpdateRule {
    /**
     * Adds the ops of one update; ends in {@link Graph#assign} of the parameter and of each slot.
     *
     * @param gradient of the objective plus penalties, same shape as the parameter
     */
    void update(Graph g, Value parameter, Value gradient, Slots state);
}

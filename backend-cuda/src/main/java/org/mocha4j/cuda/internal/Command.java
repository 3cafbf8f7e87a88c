package org.mocha4j.cuda.internal;

/** Something that a bound step puts on the device's stream; may be captured into a graph. */
public interface Command {
    /** Loads what it needs; not captured. */
    default void prepare(Queue q) {
    }

    void issue(Queue q);
}

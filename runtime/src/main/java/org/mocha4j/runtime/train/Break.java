package org.mocha4j.runtime.train;

/** An open coffee break of one solver. All methods are called by the thread that solves, between two iterations. */
@FunctionalInterface
public interface Break extends AutoCloseable {
    /** The break is due. */
    void run();

    /** Before the first iteration, for all breaks before any is run; may restore the solver. */
    default void begin() {
    }

    /** After the last iteration, also of an interrupted run; not after a failure. */
    default void end() {
    }

    /** Whether it writes down what the others have found out, and so runs after them in the same iteration. */
    default boolean saves() {
        return false;
    }

    @Override
    default void close() {
    }
}

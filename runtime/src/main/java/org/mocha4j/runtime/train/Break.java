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

    /**
     * Whether it acts on what the others have recorded, such as by ending the run, and so runs after them and before
     * those that save in the same iteration; also at once when a run is resumed, to decide again what was decided then.
     */
    default boolean decides() {
        return false;
    }

    /** Whether it writes down what the others have found out, and so runs after them in the same iteration. */
    default boolean saves() {
        return false;
    }

    @Override
    default void close() {
    }
}

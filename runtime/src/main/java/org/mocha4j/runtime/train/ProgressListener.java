package org.mocha4j.runtime.train;

import java.util.function.DoubleSupplier;
import org.slf4j.LoggerFactory;

/** Whoever wants to see a run go on. Called by the thread that solves. */
public interface ProgressListener {
    /** Writes the lines to the log, warnings as such, and does nothing at a step. */
    ProgressListener LOG = new ProgressListener() {
        @Override
        public void line(String text) {
            LoggerFactory.getLogger(Solver.class).info(text);
        }

        @Override
        public void warning(String text) {
            LoggerFactory.getLogger(Solver.class).warn(text);
        }
    };

    /** A line for people, from a coffee break. */
    void line(String text);

    /** A line that must not be overlooked. */
    default void warning(String text) {
        line("WARNING: " + text);
    }

    /**
     * An iteration was completed. Must not allocate memory if the run shall not.
     *
     * @param iteration completed updates
     * @param total     the number at which the run ends
     * @param samples   taken by this run
     * @param objective of the last batch; read from the device only when asked
     */
    default void step(long iteration, long total, long samples, DoubleSupplier objective) {
    }
}

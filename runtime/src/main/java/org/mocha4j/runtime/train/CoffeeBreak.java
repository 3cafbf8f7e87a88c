package org.mocha4j.runtime.train;

import org.mocha4j.api.Role;

/**
 * Something to do now and then while a net is trained: report, validate, save. A configuration record; what it keeps
 * during a run is in the {@link Break} that it opens. The solver's loop itself does none of this.
 */
@Role("coffee break")
@FunctionalInterface
public interface CoffeeBreak {
    /** Opens the break for one solver, when that is built. */
    Break open(Solver solver);
}

package org.mocha4j.api.backend;

import org.mocha4j.api.Op;

/** A way to compute an op on a backend's devices: plans once, runs many times. Offered by the backend or by anyone for it. */
public interface Kernel<O extends Op> {
    Class<O> op();

    /** What messages call it when it refuses. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** A plan for these specs and layouts, or a refusal with the reason. */
    Offer plan(O op, PlanRequest r);
}

package org.mocha4j.odd.internal;

import java.util.function.BiFunction;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;

/** A kernel as a function; integers are refused for all, padding is watched. */
record OddKernel<O extends Op>(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) implements Kernel<O> {
    @Override
    public Offer plan(O op, PlanRequest r) {
        if (!r.type().isFloat()) {
            return new Refusal("type must be float32 or float64, found " + r.type());
        }
        Offer o = planner.apply(op, r);
        return o instanceof OddPlan p ? Padding.checked(p, r.inputs()) : o;
    }
}

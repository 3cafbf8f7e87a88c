package org.mocha4j.nativecpu.internal;

import java.util.function.BiFunction;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;

/** A kernel as a function; integers are refused for all. */
record NativeKernel<O extends Op>(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) implements Kernel<O> {
    @Override
    public Offer plan(O o, PlanRequest r) {
        if (!r.type().isFloat()) {
            return new Refusal("type must be float32 or float64, found " + r.type());
        }
        return planner.apply(o, r);
    }
}

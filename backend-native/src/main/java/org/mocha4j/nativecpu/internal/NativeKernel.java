package org.mocha4j.nativecpu.internal;

import java.util.function.BiFunction;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;

/** A kernel as a function. */
record NativeKernel<O extends Op>(Class<O> op, boolean integers, BiFunction<O, PlanRequest, Offer> planner) implements Kernel<O> {
    /** For float32 and float64. */
    NativeKernel(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) {
        this(op, false, planner);
    }

    /** For all types. */
    static <O extends Op> NativeKernel<O> ofAnyType(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) {
        return new NativeKernel<>(op, true, planner);
    }

    @Override
    public Offer plan(O o, PlanRequest r) {
        if (!integers && !r.type().isFloat()) {
            return new Refusal("type must be float32 or float64, found " + r.type());
        }
        return planner.apply(o, r);
    }
}

package org.mocha4j.cpu.internal;

import java.util.function.BiFunction;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;

/** A kernel from a function. */
public record SimpleKernel<O extends Op>(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) implements Kernel<O> {
    @Override
    public Offer plan(O o, PlanRequest r) {
        return planner.apply(o, r);
    }
}

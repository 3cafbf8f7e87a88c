package org.mocha4j.cuda.internal;

import java.util.function.BiFunction;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;

/** A kernel as a function. */
public record CudaKernel<O extends Op>(Class<O> op, boolean integers, BiFunction<O, PlanRequest, Offer> planner)
        implements Kernel<O> {
    /** For float32 and float64. */
    public CudaKernel(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) {
        this(op, false, planner);
    }

    /** For all types. */
    public static <O extends Op> CudaKernel<O> ofAnyType(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) {
        return new CudaKernel<>(op, true, planner);
    }

    @Override
    public String name() {
        return "cuda " + op.getSimpleName();
    }

    @Override
    public Offer plan(O o, PlanRequest r) {
        if (!integers && !r.type().isFloat()) {
            return new Refusal("type must be float32 or float64, found " + r.type());
        }
        return planner.apply(o, r);
    }
}

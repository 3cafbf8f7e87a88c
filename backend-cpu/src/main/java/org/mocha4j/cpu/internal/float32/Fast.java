package org.mocha4j.cpu.internal.float32;

import java.util.function.BiFunction;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.cpu.internal.SimpleKernel;

/** Makes kernels that work in float32 only. */
final class Fast {
    private Fast() {
    }

    static <O extends Op> Kernel<O> floats(Class<O> op, BiFunction<O, PlanRequest, Offer> planner) {
        return new SimpleKernel<>(op, (o, r) -> {
            for (Spec s : r.outputs()) {
                if (s.type() != DataType.FLOAT32 || s.elements() == 0) {
                    return new Refusal("float32 with at least one element expected, found " + s);
                }
            }
            return planner.apply(o, r);
        });
    }
}

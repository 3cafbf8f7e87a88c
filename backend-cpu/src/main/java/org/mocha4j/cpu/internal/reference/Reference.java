package org.mocha4j.cpu.internal.reference;

import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Step;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.CpuPlan.InPlace;
import org.mocha4j.cpu.internal.SimpleKernel;

/** How reference kernels are made from a loop. */
final class Reference {
    private Reference() {
    }

    /** Makes the step of an op from its specs and buffers. */
    @FunctionalInterface
    interface Loop<O extends Op> {
        Step bind(O op, PlanRequest r, Binding b);
    }

    /** Any output may overwrite any input of its spec: the loop reads all of an index before it writes it. */
    static InPlace sameSpec(PlanRequest r) {
        return (i, o) -> r.inputs().get(i).equals(r.outputs().get(o));
    }

    static <O extends Op> Kernel<O> kernel(Class<O> op, Loop<O> loop) {
        return new SimpleKernel<>(op, (o, r) -> offer(o, r, loop));
    }

    static <O extends Op> Kernel<O> inPlace(Class<O> op, Loop<O> loop) {
        return new SimpleKernel<>(op, (o, r) -> offer(o, r, loop) instanceof CpuPlan p ? p.withInPlace(sameSpec(r))
                : offer(o, r, loop));
    }

    /** An update of state; each output lies over an input that holds the state before. */
    static <O extends Op> Kernel<O> update(Class<O> op, InPlace inPlace, Loop<O> loop) {
        return new SimpleKernel<>(op, (o, r) -> offer(o, r, loop) instanceof CpuPlan p ? p.asPredicated(inPlace)
                : offer(o, r, loop));
    }

    private static <O extends Op> Offer offer(O op, PlanRequest r, Loop<O> loop) {
        for (Spec s : r.outputs()) {
            if (!s.type().isFloat()) {
                return new Refusal("float32 or float64 expected, found "
                        + s.type().name().toLowerCase(java.util.Locale.ROOT));
            }
        }
        return new CpuPlan("reference", r.inputs().size(), r.outputs().size(), b -> loop.bind(op, r, b));
    }

    static int count(Spec s) {
        return Math.toIntExact(s.elements());
    }
}

package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.Op;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;

/** The kernels for one device: its own, then those that others contribute. The first that does not refuse is taken. */
public final class Kernels {
    private final Device device;
    private final Map<Class<?>, List<Kernel<?>>> byOp = new HashMap<>();

    /** What was chosen. @param plan null if all refused */
    record Choice(Plan plan, List<String> refusals) {
    }

    public Kernels(Device device, List<Kernel<?>> contributed) {
        this.device = device;
        device.kernels().forEach(this::add);
        contributed.forEach(this::add);
    }

    private void add(Kernel<?> k) {
        byOp.computeIfAbsent(k.op(), c -> new ArrayList<>()).add(k);
    }

    Device device() {
        return device;
    }

    /** Whether some kernel runs the op when it may choose the layouts. */
    boolean offers(Op op, List<Spec> in, boolean saves) {
        return chooseAny(op, in, op.infer(in), null, saves).plan() != null;
    }

    Choice chooseAny(Op op, List<Spec> in, List<Spec> out, Plan forward, boolean saves) {
        return choose(op, in, out, java.util.Collections.nCopies(in.size(), Layout.ANY), forward, saves);
    }

    Choice choose(Op op, List<Spec> in, List<Spec> out, List<Layout> layouts, Plan forward, boolean saves) {
        List<String> refusals = new ArrayList<>();
        PlanRequest request = new PlanRequest(device, in, out, layouts, Optional.ofNullable(forward), saves);
        for (Kernel<?> k : byOp.getOrDefault(op.getClass(), List.of())) {
            Offer offer = ask(k, op, request);
            if (offer instanceof Plan p) {
                if (p.inputs().size() != in.size() || p.outputs().size() != out.size()) {
                    throw new PlanException("kernel " + k.getClass().getName() + " plans " + p.inputs().size()
                            + " inputs and " + p.outputs().size() + " outputs; " + op + " has " + in.size() + " and "
                            + out.size());
                }
                return new Choice(p, refusals);
            }
            refusals.add(k.name() + ": " + ((Refusal) offer).why());
        }
        return new Choice(null, refusals);
    }

    @SuppressWarnings("unchecked")
    private static <O extends Op> Offer ask(Kernel<O> k, Op op, PlanRequest request) {
        try {
            Offer offer = k.plan((O) op, request);
            if (offer == null) {
                throw new PlanException("it returned null; expected: a plan or a refusal");
            }
            return offer;
        } catch (RuntimeException | LinkageError e) {
            throw new PlanException("kernel " + k.getClass().getName() + " failed to plan " + op + " for "
                    + request.inputs() + ": " + e.getMessage(), e);
        }
    }
}

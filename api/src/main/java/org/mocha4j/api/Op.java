package org.mocha4j.api;

import java.util.List;
import java.util.Optional;

/**
 * A computation on tensors, described by a record: it knows types and shapes, never layouts or devices. Equal records
 * compute the same. An op needs at least one of: a kernel on every backend it shall run on, a decomposition, a host kernel.
 */
public interface Op {
    /**
     * The types and shapes of the outputs.
     *
     * @throws ShapeException naming the op and what does not fit
     */
    List<Spec> infer(List<Spec> inputs);

    /** The same computation by simpler ops: the definition of a compound op. Empty for primitives. */
    default Optional<List<Value>> decompose(Graph g, List<Value> in) {
        return Optional.empty();
    }

    /**
     * The gradients with respect to the inputs, in their order; {@code null} stands for an input without gradient
     * (use {@code Arrays.asList}). An op without this method is differentiated through its decomposition; what is
     * not needed in the end is pruned, so all may be written down.
     *
     * @param dOut the gradients with respect to the outputs; {@code null} for an output that the objective does not
     *             depend on, so the only output of an op always has one
     */
    default Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.empty();
    }

    /** A kernel in plain Java on plain tensors, used where a device has neither kernel nor decomposition. */
    default Optional<HostKernel> hostKernel() {
        return Optional.empty();
    }
}

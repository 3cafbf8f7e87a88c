package org.mocha4j.runtime.internal;

import java.util.List;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.runtime.Flops;
import org.mocha4j.runtime.StepInfo.Direction;

/**
 * One step of a program.
 *
 * @param op       null for a reorder
 * @param plan     null for a host kernel
 * @param saved    the work space kept for the gradient step: written by the forward step, read by the gradient's
 * @param refusals of kernels that came before in order
 */
record PlannedStep(String layer, Op op, Direction direction, Plan plan, HostKernel host, List<Tens> in,
                   List<Tens> out, Tens saved, List<String> refusals) {
    String kernel() {
        return plan != null ? plan.kernel() : "host kernel, with copies from and to the device";
    }

    Flops flops() {
        return op == null ? Flops.NONE : Flops.of(op, in.stream().map(t -> t.spec).toList(),
                out.stream().map(t -> t.spec).toList());
    }
}

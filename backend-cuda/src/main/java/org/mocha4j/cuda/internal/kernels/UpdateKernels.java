package org.mocha4j.cuda.internal.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedUpdate;
import org.mocha4j.api.ops.PredicatedElementwise;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.cuda.internal.CudaKernel;

/**
 * Updates as one element-wise pass, in place, left out while the status word is set. The passes of all parameters are
 * one launch, see {@link ElementGroup}.
 */
final class UpdateKernels {
    private UpdateKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(SgdUpdate.class, (op, r) -> rule("sgd", op, r)),
                new CudaKernel<>(AdamUpdate.class, (op, r) -> rule("adam", op, r)),
                new CudaKernel<>(FusedUpdate.class, UpdateKernels::fused),
                new CudaKernel<>(PredicatedElementwise.class, (op, r) -> run("update", op.run(), r)),
                CudaKernel.ofAnyType(Commit.class, UpdateKernels::commit));
    }

    /** A rule whose gradient, its second input, is there. */
    private static Offer rule(String name, Op op, PlanRequest r) {
        List<Integer> operands = new ArrayList<>(List.of(0));
        for (int i = 2; i < r.inputs().size(); i++) {
            operands.add(i);
        }
        FusedElementwise gradient = new FusedElementwise(2, List.of(), List.of(1), r.outputs().get(0).shape());
        return run(name, new FusedUpdate(gradient, op, operands).run(r.inputs().size()).orElseThrow(), r);
    }

    private static Offer fused(FusedUpdate op, PlanRequest r) {
        Optional<FusedElementwise> run = op.run(r.inputs().size());
        if (run.isEmpty()) {
            return new Refusal("the rule must be SgdUpdate or AdamUpdate, found " + op.rule());
        }
        return run(op.rule() instanceof SgdUpdate ? "gradient+sgd" : "gradient+adam", run.get(), r);
    }

    private static Offer run(String name, FusedElementwise run, PlanRequest r) {
        return ElementKernels.plan(name + ", one pass", ElementKernels.code(run, r, true), r.type(),
                r.outputs().get(0).elements());
    }

    /** Whole numbers go as words, whatever is in them. */
    private static Offer commit(Commit op, PlanRequest r) {
        boolean real = r.type().isFloat();
        long n = r.outputs().get(0).elements();
        return ElementKernels.plan("copy, predicated", new ElementSource(2, Set.of()).code(List.of(1), true),
                real ? r.type() : DataType.FLOAT32, real ? n : n * r.type().bytes() / 4);
    }
}

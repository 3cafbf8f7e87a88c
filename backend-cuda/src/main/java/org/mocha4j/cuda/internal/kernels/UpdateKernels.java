package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** Updates as one pass, in place, left out while the status word is set. */
final class UpdateKernels {
    private UpdateKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(SgdUpdate.class, UpdateKernels::sgd),
                new CudaKernel<>(AdamUpdate.class, UpdateKernels::adam), CudaKernel.ofAnyType(Commit.class, UpdateKernels::commit));
    }

    private static Offer sgd(SgdUpdate op, PlanRequest r) {
        return update("sgd, one pass", "sgd", r, new double[0], Set.of(List.of(0, 0), List.of(2, 1)));
    }

    private static Offer adam(AdamUpdate op, PlanRequest r) {
        return update("adam, one pass", "adam", r, new double[] {op.beta1(), op.beta2(), op.epsilon()},
                Set.of(List.of(0, 0), List.of(2, 1), List.of(3, 2)));
    }

    private static CudaPlan update(String name, String kernel, PlanRequest r, double[] constants, Set<List<Integer>> inPlace) {
        Source s = Source.file("updates", r.type());
        long n = r.outputs().get(0).elements();
        return CudaPlan.of(name, r, (b, out) -> {
            Arguments a = new Arguments().whole(n).real(constants).pointer(b.status());
            b.inputs().forEach(a::pointer);
            b.outputs().forEach(a::pointer);
            out.add(Launch.each(s, kernel, n, a));
        }).withInPlace(inPlace).asPredicated();
    }

    private static Offer commit(Commit op, PlanRequest r) {
        Source s = Source.file("updates", DataType.FLOAT32);
        long words = r.outputs().get(0).elements() * r.type().bytes() / 4;
        return CudaPlan.of("copy, predicated", r, (b, out) -> out.add(Launch.each(s, "commit", words, new Arguments()
                .whole(words).pointer(b.status()).pointer(b.inputs().get(0)).pointer(b.inputs().get(1))
                .pointer(b.outputs().get(0))))).withInPlace(Set.of(List.of(0, 0))).asPredicated();
    }
}

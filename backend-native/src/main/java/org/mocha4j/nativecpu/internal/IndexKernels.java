package org.mocha4j.nativecpu.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Cast;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Fold;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.Unfold;

/** Rows by index, checks, windows as columns, casts. All but casts take plain tensors. */
final class IndexKernels {
    private IndexKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new NativeKernel<>(Gather.class,
                        (op, r) -> table("gather", r, r.inputs().get(0), r.inputs().get(1))),
                new NativeKernel<>(ScatterAdd.class,
                        (op, r) -> table("scatter add", r, r.outputs().get(0), r.inputs().get(0))),
                new NativeKernel<>(Check.class, IndexKernels::check),
                new NativeKernel<>(Unfold.class,
                        (op, r) -> columns("unfold", op.window(), r, r.inputs().get(0).shape())),
                new NativeKernel<>(Fold.class,
                        (op, r) -> columns("fold", op.window(), r, r.outputs().get(0).shape())),
                new NativeKernel<>(Cast.class, IndexKernels::cast));
    }

    private static Offer table(String name, PlanRequest r, Spec table, Spec index) {
        Shape t = table.shape();
        Code code = Code.of(name, r.type()).whole(t.dim(0), index.elements(), t.product(1, t.rank())).code();
        return NativePlan.plain(name, code, r);
    }

    private static Offer check(Check op, PlanRequest r) {
        Code code = Code.of("check", r.type()).whole(r.outputs().get(0).elements()).flag(op.kind() == Check.Kind.LABEL)
                .whole(op.limit()).code();
        return NativePlan.plain("check", code, r).withInPlace(Set.of(List.of(0, 0)));
    }

    private static Offer columns(String name, Window w, PlanRequest r, Shape images) {
        Size out = w.floor(images.dim(3), images.dim(2));
        Code code = Code.of(name, r.type()).whole((long) images.dim(0) * images.dim(1), images.dim(2), images.dim(3))
                .size(out).window(w).code();
        return NativePlan.plain(name, code, r);
    }

    private static Offer cast(Cast op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        if (!x.type().isFloat()) {
            return new Refusal("casts are between float32 and float64, found " + x.type() + " to " + op.to());
        }
        Layout l = Layouts.readable(r.layouts().get(0));
        return NativePlan.of("cast", Code.of("cast", op.to()).type(x.type()).whole(x.elements()).code(), r, l, l);
    }
}

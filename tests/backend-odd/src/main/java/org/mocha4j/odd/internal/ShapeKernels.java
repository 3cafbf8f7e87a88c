package org.mocha4j.odd.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;

/** Everything that moves elements without looking at them: strided copies of plain tensors. */
final class ShapeKernels {
    private ShapeKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(
                new OddKernel<>(Broadcast.class, (op, r) -> copy("broadcast", r, broadcast(r))),
                new OddKernel<>(Transpose.class, (op, r) -> copy("transpose", r, transpose(op, r))),
                new OddKernel<>(Slice.class, (op, r) -> copy("slice", r, slice(op, r))),
                new OddKernel<>(Reshape.class, (op, r) -> copy("reshape", r,
                        Strided.flat((int) r.outputs().get(0).elements())).withInPlace(Set.of(List.of(0, 0)))),
                new OddKernel<>(Pad.class, ShapeKernels::pad),
                new OddKernel<>(Concatenate.class, ShapeKernels::concatenate));
    }

    private static OddPlan copy(String name, PlanRequest r, Strided s) {
        return OddPlan.plain(name, r, b -> {
            Memory x = OddPlan.in(b, 0);
            Memory y = OddPlan.out(b, 0);
            return () -> s.run(x, y);
        });
    }

    private static Strided broadcast(PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        int lead = y.rank() - x.rank();
        int[] from = new int[y.rank()];
        for (int i = 0; i < x.rank(); i++) {
            from[lead + i] = x.dim(i) == 1 ? 0 : x.strides()[i];
        }
        return new Strided(y.dims(), from, 0, y.strides(), 0);
    }

    private static Strided transpose(Transpose op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        int[] from = op.axes().stream().mapToInt(a -> x.strides()[a]).toArray();
        return new Strided(y.dims(), from, 0, y.strides(), 0);
    }

    private static Strided slice(Slice op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        return new Strided(y.dims(), x.strides(), offset(op.from(), x), y.strides(), 0);
    }

    private static int offset(List<Integer> at, Shape s) {
        int o = 0;
        for (int i = 0; i < s.rank(); i++) {
            o += at.get(i) * s.strides()[i];
        }
        return o;
    }

    private static Offer pad(Pad op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        Strided s = new Strided(x.dims(), x.strides(), 0, y.strides(), offset(op.before(), y));
        int n = (int) y.elements();
        return OddPlan.plain("pad", r, b -> {
            Memory in = OddPlan.in(b, 0);
            Memory out = OddPlan.out(b, 0);
            return () -> {
                for (int i = 0; i < n; i++) {
                    out.set(i, op.value());
                }
                s.run(in, out);
            };
        });
    }

    private static Offer concatenate(Concatenate op, PlanRequest r) {
        Shape y = r.outputs().get(0).shape();
        List<Strided> parts = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < r.inputs().size(); i++) {
            Shape x = r.inputs().get(i).shape();
            parts.add(new Strided(x.dims(), x.strides(), 0, y.strides(), at * y.strides()[y.axis(op.axis())]));
            at += x.dim(op.axis());
        }
        return OddPlan.plain("concatenate", r, b -> {
            Memory[] in = new Memory[parts.size()];
            for (int i = 0; i < in.length; i++) {
                in[i] = OddPlan.in(b, i);
            }
            Memory out = OddPlan.out(b, 0);
            return () -> {
                for (int i = 0; i < in.length; i++) {
                    parts.get(i).run(in[i], out);
                }
            };
        });
    }
}

package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;

/**
 * Ops that copy elements to other places: boxes of elements, each with strides in its input and in the output. They
 * read plain tensors and those with channels last as they lie, and write channels last where most of what they read
 * lies so.
 */
final class MoveKernels {
    private MoveKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(kernel(Broadcast.class, MoveKernels::broadcast), kernel(Transpose.class, MoveKernels::transpose),
                kernel(Slice.class, MoveKernels::slice), kernel(Pad.class, MoveKernels::pad),
                kernel(Concatenate.class, MoveKernels::concatenate));
    }

    /** Writes the boxes of an op. */
    @FunctionalInterface
    private interface Parts<O> {
        Offer plan(O op, PlanRequest r);
    }

    private static <O extends Op> Kernel<O> kernel(Class<O> type, Parts<O> parts) {
        return new NativeKernel<>(type, parts::plan);
    }

    /** A tensor in memory: from where on, and how far apart neighbours lie along each axis. */
    private record Side(long at, long[] strides) {
        static Side of(Spec s, Layout l) {
            return new Side(0, Layouts.strides(s.shape(), l));
        }

        Side from(int axis, long index) {
            return new Side(at + index * strides[axis], strides);
        }

        Side from(List<Integer> index) {
            Side s = this;
            for (int i = 0; i < strides.length; i++) {
                s = s.from(i, index.get(i));
            }
            return s;
        }
    }

    /** The arguments of a plan, box by box. */
    private static final class Boxes {
        private final PlanRequest request;
        private final Code.Writer code;

        Boxes(PlanRequest r, int count) {
            request = r;
            code = Code.of("strided copy", r.type()).whole(count);
        }

        Boxes copy(int input, int[] extents, Side from, Side to) {
            code.whole(input);
            return box(extents, from, to);
        }

        Boxes fill(double value, int[] extents, Side to) {
            code.whole(-1).real(value);
            return box(extents, new Side(0, new long[extents.length]), to);
        }

        private Boxes box(int[] extents, Side from, Side to) {
            code.whole(extents.length);
            for (int d : extents) {
                code.whole(d);
            }
            code.whole(extents.length).whole(from.strides()).whole(from.at());
            code.whole(extents.length).whole(to.strides()).whole(to.at());
            return this;
        }

        NativePlan plan(List<Layout> in, Layout out) {
            return new NativePlan("copy", code.code(), in, Collections.nCopies(request.outputs().size(), out),
                    NativePlan.Traits.NONE);
        }
    }

    private static Offer broadcast(Broadcast op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        Spec y = r.outputs().get(0);
        Layout in = Layouts.readable(r.layouts().get(0));
        Layout out = Layouts.like(in, y);
        long[] strides = new long[op.to().rank()];
        long[] from = Layouts.strides(x.shape(), in);
        int lead = strides.length - from.length;
        for (int i = 0; i < from.length; i++) {
            strides[lead + i] = x.shape().dim(i) == 1 ? 0 : from[i];
        }
        return new Boxes(r, 1).copy(0, op.to().dims(), new Side(0, strides), Side.of(y, out)).plan(List.of(in), out);
    }

    private static Offer transpose(Transpose op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        Spec y = r.outputs().get(0);
        Layout in = Layouts.readable(r.layouts().get(0));
        long[] from = Layouts.strides(x.shape(), in);
        long[] strides = op.axes().stream().mapToLong(a -> from[a]).toArray();
        return new Boxes(r, 1).copy(0, y.shape().dims(), new Side(0, strides), Side.of(y, Layout.PLAIN))
                .plan(List.of(in), Layout.PLAIN);
    }

    private static Offer slice(Slice op, PlanRequest r) {
        Spec y = r.outputs().get(0);
        Layout in = Layouts.readable(r.layouts().get(0));
        Layout out = Layouts.like(in, y);
        Side from = Side.of(r.inputs().get(0), in).from(op.from());
        return new Boxes(r, 1).copy(0, op.size().dims(), from, Side.of(y, out)).plan(List.of(in), out);
    }

    /** The input and two slabs for each axis: as long as the input along the axes before, whole along those after. */
    private static Offer pad(Pad op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        Spec y = r.outputs().get(0);
        Layout in = Layouts.readable(r.layouts().get(0));
        Layout out = Layouts.like(in, y);
        Side whole = Side.of(y, out);
        Boxes boxes = new Boxes(r, 2 * x.rank() + 1);
        Side corner = whole;
        int[] extents = y.shape().dims();
        for (int a = 0; a < x.rank(); a++) {
            int before = op.before().get(a);
            extents[a] = before;
            boxes.fill(op.value(), extents.clone(), corner);
            extents[a] = op.after().get(a);
            boxes.fill(op.value(), extents.clone(), corner.from(a, before + (long) x.dim(a)));
            extents[a] = x.dim(a);
            corner = corner.from(a, before);
        }
        return boxes.copy(0, extents, Side.of(r.inputs().get(0), in), corner).plan(List.of(in), out);
    }

    private static Offer concatenate(Concatenate op, PlanRequest r) {
        Spec y = r.outputs().get(0);
        int axis = y.shape().axis(op.axis());
        List<Layout> in = new ArrayList<>();
        long last = 0;
        for (int i = 0; i < r.inputs().size(); i++) {
            in.add(Layouts.readable(r.layouts().get(i)));
            last += in.get(i).equals(Nhwc.NHWC) ? r.inputs().get(i).elements() : 0;
        }
        Layout out = 2 * last > y.elements() ? Nhwc.of(y) : Layout.PLAIN;
        Boxes boxes = new Boxes(r, in.size());
        Side at = Side.of(y, out);
        for (int i = 0; i < in.size(); i++) {
            Spec x = r.inputs().get(i);
            boxes.copy(i, x.shape().dims(), Side.of(x, in.get(i)), at);
            at = at.from(axis, x.shape().dim(axis));
        }
        return boxes.plan(in, out);
    }
}

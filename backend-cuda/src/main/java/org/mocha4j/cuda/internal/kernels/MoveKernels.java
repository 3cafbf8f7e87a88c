package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Cast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Reshape;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** Ops that copy elements to other places: boxes of elements, each with strides in its input and in the output. */
public final class MoveKernels {
    private MoveKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(Broadcast.class, MoveKernels::broadcast),
                new CudaKernel<>(Transpose.class, MoveKernels::transpose), new CudaKernel<>(Slice.class, MoveKernels::slice),
                new CudaKernel<>(Pad.class, MoveKernels::pad), new CudaKernel<>(Concatenate.class, MoveKernels::concatenate),
                CudaKernel.ofAnyType(Reshape.class, (op, r) -> copy(r.outputs().get(0)).withInPlace(Set.of(List.of(0, 0)))),
                new CudaKernel<>(Cast.class, MoveKernels::cast));
    }

    /** From where to where, in elements. */
    private record Part(int input, Box box, long from, long to) {
        Launch launch(Source s, Binding b) {
            return Launch.each(s, "copy_box", box.elements(), new Arguments().whole(box.elements()).structure(box.words())
                    .whole(from, to).pointer(b.inputs().get(input)).pointer(b.outputs().get(0)));
        }
    }

    /** A tensor of any type to another place. */
    public static CudaPlan copy(Spec spec) {
        Source s = Source.file("moves", DataType.FLOAT32);
        long words = spec.elements() * spec.type().bytes() / 4;
        return new CudaPlan("copy", 1, 1, CudaPlan.Traits.NONE, (b, out) -> {
            Buffer from = b.inputs().get(0);
            Buffer to = b.outputs().get(0);
            if (words > 0 && from != to) {
                out.add(Launch.each(s, "copy_words", words, new Arguments().whole(words).pointer(from).pointer(to)));
            }
        });
    }

    private static CudaPlan parts(PlanRequest r, Consumer<List<Part>> add) {
        return parts(r, add, null);
    }

    /** @param around what is there before the parts are copied; null for nothing */
    private static CudaPlan parts(PlanRequest r, Consumer<List<Part>> add, Double around) {
        Source s = Source.file("moves", r.type());
        List<Part> parts = new java.util.ArrayList<>();
        add.accept(parts);
        long n = r.outputs().get(0).elements();
        return CudaPlan.of("copy", r, (b, out) -> {
            if (around != null && n > 0) {
                out.add(fill(s, n, around, b.outputs().get(0)));
            }
            parts.stream().filter(p -> p.box().elements() > 0).forEach(p -> out.add(p.launch(s, b)));
        });
    }

    static Command fill(Source s, long n, double value, Buffer y) {
        return Launch.each(s, "fill", n, new Arguments().whole(n).real(value).pointer(y));
    }

    static long[] strides(Shape s) {
        long[] strides = new long[s.rank()];
        long n = 1;
        for (int i = s.rank() - 1; i >= 0; i--) {
            strides[i] = n;
            n *= s.dim(i);
        }
        return strides;
    }

    private static long offset(List<Integer> index, long[] strides) {
        long o = 0;
        for (int i = 0; i < strides.length; i++) {
            o += index.get(i) * strides[i];
        }
        return o;
    }

    private static Offer broadcast(Broadcast op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        long[] from = strides(x);
        long[] strides = new long[op.to().rank()];
        int lead = strides.length - from.length;
        for (int i = 0; i < from.length; i++) {
            strides[lead + i] = x.dim(i) == 1 ? 0 : from[i];
        }
        return parts(r, p -> p.add(new Part(0, Box.of(op.to().dims(), strides, strides(op.to())), 0, 0)));
    }

    private static Offer transpose(Transpose op, PlanRequest r) {
        long[] from = strides(r.inputs().get(0).shape());
        Shape y = r.outputs().get(0).shape();
        long[] strides = op.axes().stream().mapToLong(a -> from[a]).toArray();
        return parts(r, p -> p.add(new Part(0, Box.of(y.dims(), strides, strides(y)), 0, 0)));
    }

    private static Offer slice(Slice op, PlanRequest r) {
        long[] from = strides(r.inputs().get(0).shape());
        return parts(r, p -> p.add(new Part(0, Box.of(op.size().dims(), from, strides(op.size())), offset(op.from(), from), 0)));
    }

    private static Offer pad(Pad op, PlanRequest r) {
        Shape x = r.inputs().get(0).shape();
        long[] to = strides(r.outputs().get(0).shape());
        return parts(r, p -> p.add(new Part(0, Box.of(x.dims(), strides(x), to), 0, offset(op.before(), to))), op.value());
    }

    private static Offer concatenate(Concatenate op, PlanRequest r) {
        Shape y = r.outputs().get(0).shape();
        int axis = y.axis(op.axis());
        long[] to = strides(y);
        return parts(r, p -> {
            long at = 0;
            for (int i = 0; i < r.inputs().size(); i++) {
                Shape x = r.inputs().get(i).shape();
                p.add(new Part(i, Box.of(x.dims(), strides(x), to), 0, at * to[axis]));
                at += x.dim(axis);
            }
        });
    }

    private static Offer cast(Cast op, PlanRequest r) {
        Spec x = r.inputs().get(0);
        if (!x.type().isFloat()) {
            return new Refusal("casts are between float32 and float64, found " + x.type() + " to " + op.to());
        }
        Source s = Source.file("moves", op.to());
        String kernel = x.type() == DataType.FLOAT32 ? "cast_from_float" : "cast_from_double";
        long n = x.elements();
        return CudaPlan.of("cast", r, (b, out) -> out.add(Launch.each(s, kernel, n,
                new Arguments().whole(n).pointer(b.inputs().get(0)).pointer(b.outputs().get(0)))));
    }
}

package org.mocha4j.cpu.internal.fast;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;
import org.mocha4j.cpu.internal.CpuPlan;
import org.mocha4j.cpu.internal.Pool;
import org.mocha4j.cpu.internal.Region;
import org.mocha4j.cpu.internal.SimpleKernel;

/** Ops that copy elements to other places, as runs that are as long as possible; float32 and float64. */
final class MoveKernels {
    private static final int PART = 32768;

    private final Pool pool;

    private MoveKernels(Pool pool) {
        this.pool = pool;
    }

    static List<Kernel<?>> all(Pool pool) {
        MoveKernels k = new MoveKernels(pool);
        return List.of(kernel(Broadcast.class, k::broadcast), kernel(Transpose.class, k::transpose),
                kernel(Slice.class, k::slice), kernel(Pad.class, k::pad), kernel(Concatenate.class, k::concatenate));
    }

    /** Makes the step of an op. */
    @FunctionalInterface
    private interface Binder<O> {
        Step bind(O op, PlanRequest r, Binding b);
    }

    private static <O extends Op> Kernel<O> kernel(Class<O> c, Binder<O> binder) {
        return new SimpleKernel<>(c, (op, r) -> r.type().isFloat()
                ? new CpuPlan("runs", r.inputs().size(), 1, b -> binder.bind(op, r, b))
                : new Refusal("float32 or float64 expected, found " + r.type()));
    }

    /** Splits a copy along its outermost axis into parts of a fixed size. */
    private static List<StridedCopy> split(int[] dims, StridedCopy.Side from, StridedCopy.Side to) {
        List<StridedCopy> parts = new ArrayList<>();
        long elements = 1;
        int axis = 0;
        for (int d : dims) {
            elements *= d;
        }
        while (axis < dims.length - 1 && dims[axis] == 1) {
            axis++;
        }
        if (elements < 2 * PART || axis == dims.length) {
            return elements == 0 ? parts : List.of(new StridedCopy(dims, from, to));
        }
        int rows = (int) Math.max(1, PART * (long) dims[axis] / elements);
        for (int r = 0; r < dims[axis]; r += rows) {
            int[] d = dims.clone();
            d[axis] = Math.min(rows, dims[axis] - r);
            parts.add(new StridedCopy(d, from.from(axis, r), to.from(axis, r)));
        }
        return parts;
    }

    private Step step(List<StridedCopy> parts) {
        StridedCopy[] runs = parts.toArray(StridedCopy[]::new);
        Region region = (part, slot) -> runs[part].run();
        return () -> pool.run(runs.length, region);
    }

    private static StridedCopy.Side plain(Object array, Shape s) {
        return new StridedCopy.Side(array, s.strides(), 0);
    }

    private static int place(List<Integer> index, int[] strides) {
        int p = 0;
        for (int i = 0; i < strides.length; i++) {
            p += index.get(i) * strides[i];
        }
        return p;
    }

    private Step broadcast(Broadcast op, PlanRequest r, Binding b) {
        Shape x = r.inputs().get(0).shape();
        Shape y = op.to();
        int[] strides = new int[y.rank()];
        int lead = y.rank() - x.rank();
        for (int i = 0; i < x.rank(); i++) {
            strides[lead + i] = x.dim(i) == 1 ? 0 : x.strides()[i];
        }
        return step(split(y.dims(), new StridedCopy.Side(b.in(0).array(), strides, 0), plain(b.out(0).array(), y)));
    }

    private Step transpose(Transpose op, PlanRequest r, Binding b) {
        int[] in = r.inputs().get(0).shape().strides();
        Shape y = r.outputs().get(0).shape();
        int[] strides = op.axes().stream().mapToInt(a -> in[a]).toArray();
        return step(split(y.dims(), new StridedCopy.Side(b.in(0).array(), strides, 0), plain(b.out(0).array(), y)));
    }

    private Step slice(Slice op, PlanRequest r, Binding b) {
        int[] in = r.inputs().get(0).shape().strides();
        return step(split(op.size().dims(), new StridedCopy.Side(b.in(0).array(), in, place(op.from(), in)),
                plain(b.out(0).array(), op.size())));
    }

    private Step pad(Pad op, PlanRequest r, Binding b) {
        Shape x = r.inputs().get(0).shape();
        Shape y = r.outputs().get(0).shape();
        Object to = b.out(0).array();
        int n = Math.toIntExact(y.elements());
        Step copy = step(split(x.dims(), plain(b.in(0).array(), x),
                new StridedCopy.Side(to, y.strides(), place(op.before(), y.strides()))));
        return () -> {
            if (to instanceof float[] f) {
                java.util.Arrays.fill(f, 0, n, (float) op.value());
            } else {
                java.util.Arrays.fill((double[]) to, 0, n, op.value());
            }
            copy.run();
        };
    }

    private Step concatenate(Concatenate op, PlanRequest r, Binding b) {
        Shape y = r.outputs().get(0).shape();
        int axis = y.axis(op.axis());
        List<StridedCopy> parts = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < r.inputs().size(); i++) {
            Shape x = r.inputs().get(i).shape();
            parts.addAll(split(x.dims(), plain(b.in(i).array(), x),
                    new StridedCopy.Side(b.out(0).array(), y.strides(), at * y.strides()[axis])));
            at += x.dim(axis);
        }
        return step(parts);
    }
}

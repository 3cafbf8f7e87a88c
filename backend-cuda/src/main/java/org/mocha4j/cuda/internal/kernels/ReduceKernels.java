package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.cuda.internal.CudaBuffer;
import org.mocha4j.cuda.internal.CudaKernel;
import org.mocha4j.cuda.internal.CudaPlan;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Source;
import org.mocha4j.cuda.internal.driver.Arguments;

/** Sums and maxima over axes, and biases, whose gradient is a sum. How a sum is cut into parts follows from the shape. */
final class ReduceKernels {
    /** Fewer elements than this are added up by one thread. */
    private static final long FEW = 64;
    /** What one block adds up where a result needs several. */
    private static final long PART = 4096;
    private static final long MOST_PARTS = 256;

    private ReduceKernels() {
    }

    static List<Kernel<?>> all() {
        return List.of(new CudaKernel<>(Reduce.class, ReduceKernels::reduce), new CudaKernel<>(Bias.class, ReduceKernels::bias));
    }

    /** From each result to its first element, and from there to the others. */
    private record Walks(Box kept, Box reduced) {
        static Walks of(Reduce op, Shape x) {
            int[] kept = x.dims();
            int[] reduced = x.dims();
            for (int a = 0; a < x.rank(); a++) {
                (op.axes().contains(a) ? kept : reduced)[a] = 1;
            }
            long[] strides = MoveKernels.strides(x);
            return new Walks(Box.of(kept, strides, MoveKernels.strides(Shape.of(kept))),
                    Box.of(reduced, strides, new long[x.rank()]));
        }

        Arguments arguments(long n) {
            return new Arguments().whole(n, reduced.elements());
        }
    }

    private static Offer reduce(Reduce op, PlanRequest r) {
        Walks w = Walks.of(op, r.inputs().get(0).shape());
        Source s = Source.file("reduce", r.type());
        if (op.kind() == Reduce.Kind.SUM) {
            return sum(w, s, r);
        }
        boolean index = op.kind() == Reduce.Kind.ARG_MAX;
        long n = w.kept().elements();
        return CudaPlan.of(index ? "arg max" : "max", r, (b, out) -> {
            if (n > 0) {
                out.add(Launch.each(s, "largest", n, w.arguments(n).flag(index).structure(w.kept().words())
                        .structure(w.reduced().words()).pointer(b.inputs().get(0)).pointer(b.outputs().get(0))));
            }
        });
    }

    private static Offer sum(Walks w, Source s, PlanRequest r) {
        long n = w.kept().elements();
        long count = w.reduced().elements();
        if (count < FEW) {
            return CudaPlan.of("sum", r, (b, out) -> {
                if (n > 0) {
                    out.add(Launch.each(s, "sum_each", n, w.arguments(n).structure(w.kept().words())
                            .structure(w.reduced().words()).pointer(b.inputs().get(0)).pointer(b.outputs().get(0))));
                }
            });
        }
        long parts = Math.min(MOST_PARTS, (count + PART - 1) / PART);
        return CudaPlan.of(parts == 1 ? "sum" : "sum of " + parts + " parts", r, (b, out) -> {
            long y = CudaBuffer.address(b.outputs().get(0));
            if (n > 0) {
                long first = parts == 1 ? y : CudaBuffer.address(b.scratch());
                out.add(parts(s, n, parts, w, CudaBuffer.address(b.inputs().get(0)), first));
                if (parts > 1) {
                    out.add(rows(s, n, parts, first, y));
                }
            }
        }).withScratch(parts == 1 ? 0 : n * parts * r.type().bytes());
    }

    private static Launch parts(Source s, long n, long parts, Walks w, long x, long y) {
        return Launch.blocks(s, "sum_parts", n * parts, w.arguments(parts).structure(w.kept().words())
                .structure(w.reduced().words()).address(x).address(y));
    }

    /** The sums of the rows of [n, length]. */
    private static Launch rows(Source s, long n, long length, long x, long y) {
        Walks w = new Walks(Box.of(new int[] {Math.toIntExact(n)}, new long[] {length}, new long[] {1}),
                Box.of(new int[] {Math.toIntExact(length)}, new long[] {1}, new long[] {0}));
        return parts(s, n, 1, w, x, y);
    }

    /** Into how many parts {@link #sumOf} cuts a sum. */
    static long parts(long count) {
        return Math.max(1, Math.min(MOST_PARTS, (count + PART - 1) / PART));
    }

    /** Adds up {@code count} numbers that lie in a row into {@link #parts} sums. */
    static Launch sumOf(DataType type, long count, long x, long y) {
        Walks w = new Walks(Box.of(new int[] {1}, new long[] {0}, new long[] {0}),
                Box.of(new int[] {Math.toIntExact(count)}, new long[] {1}, new long[] {0}));
        return parts(Source.file("reduce", type), 1, parts(count), w, x, y);
    }

    private static Offer bias(Bias op, PlanRequest r) {
        Shape s = r.inputs().get(0).shape();
        int axis = s.axis(op.axis());
        return CudaPlan.of("bias", r, (b, out) -> {
            if (s.elements() > 0) {
                out.add(bias(r.type(), s, axis, null, b.inputs().get(0), b.inputs().get(1), b.outputs().get(0)));
            }
        }).withInPlace(Set.of(List.of(0, 0)));
    }

    /** y = activation(x + b along an axis); y may be x. @param activation null or Relu */
    static Launch bias(DataType type, Shape s, int axis, Op activation, Buffer x, Buffer b, Buffer y) {
        long n = s.elements();
        return Launch.each(Source.file("reduce", type), "bias", n, new Arguments().whole(n, s.dim(axis),
                s.product(axis + 1, s.rank())).flag(activation != null).pointer(x).pointer(b).pointer(y));
    }
}

package org.mocha4j.api;

import java.util.Arrays;
import java.util.List;

/**
 * The extents of a tensor in row-major order, outermost first; images are [N, C, H, W]. A scalar has rank 0.
 * Immutable. An axis may be given from the end: −1 is the last.
 */
public final class Shape {
    /** The shape of a single number. */
    public static final Shape SCALAR = new Shape(new int[0]);
    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /** @throws ShapeException if an extent is negative */
    public static Shape of(int... dims) {
        for (int d : dims) {
            if (d < 0) {
                throw new ShapeException("a shape has no negative extent: " + Arrays.toString(dims));
            }
        }
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    public static Shape of(List<Integer> dims) {
        return of(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    public int rank() {
        return dims.length;
    }

    /** The extent along an axis; negative axes count from the end. */
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /** The axis as 0 … rank−1. @throws ShapeException if there is no such axis */
    public int axis(int axis) {
        int a = axis < 0 ? axis + dims.length : axis;
        if (a < 0 || a >= dims.length) {
            throw new ShapeException("axis " + axis + " does not exist in shape " + this + " of rank " + dims.length);
        }
        return a;
    }

    public int[] dims() {
        return dims.clone();
    }

    /** The number of elements; 1 for a scalar. @throws ShapeException beyond 2^63 */
    public long elements() {
        return product(0, dims.length);
    }

    /** The product of the extents of axes from (inclusive) to to (exclusive). */
    public long product(int from, int to) {
        long n = 1;
        try {
            for (int i = from; i < to; i++) {
                n = Math.multiplyExact(n, (long) dims[i]);
            }
        } catch (ArithmeticException e) {
            throw new ShapeException("shape " + this + " has more than 2^63 elements");
        }
        return n;
    }

    /** The same shape with one extent replaced. */
    public Shape with(int axis, int extent) {
        int[] d = dims.clone();
        d[axis(axis)] = extent;
        return of(d);
    }

    /** Axes from (inclusive) to to (exclusive) as a shape. */
    public Shape sub(int from, int to) {
        return of(Arrays.copyOfRange(dims, from, to));
    }

    /** Row-major strides in elements. */
    public int[] strides() {
        int[] s = new int[dims.length];
        int n = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            s[i] = n;
            n *= dims[i];
        }
        return s;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Shape s && Arrays.equals(dims, s.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** For example {@code [64, 1, 28, 28]}. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}

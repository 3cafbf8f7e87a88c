package org.mocha4j.api;

import java.util.Objects;

/**
 * A tensor in Java memory, row-major, element 0 at index 0 of its array; the array may be longer than the tensor.
 * Mutable; what sources fill, sinks get, initializers write and host kernels work on.
 */
public final class HostTensor {
    private final Spec spec;
    private final Object array;

    private HostTensor(Spec spec, Object array) {
        this.spec = spec;
        this.array = array;
    }

    /** A zeroed tensor. @throws ShapeException if it has more than 2^31−9 elements */
    public static HostTensor allocate(Spec spec) {
        long n = spec.elements();
        if (n > Integer.MAX_VALUE - 8) {
            throw new ShapeException(spec + " does not fit into one Java array");
        }
        return new HostTensor(spec, spec.type().newArray((int) n));
    }

    /** A view of an array of the matching type ({@code float[]}, {@code double[]}, {@code int[]}, {@code long[]}). */
    public static HostTensor wrap(Spec spec, Object array) {
        int length = java.lang.reflect.Array.getLength(array);
        if (array.getClass() != spec.type().newArray(0).getClass() || length < spec.elements()) {
            throw new ShapeException("an array of " + length + " " + array.getClass().getComponentType()
                    + " cannot hold " + spec);
        }
        return new HostTensor(spec, array);
    }

    public Spec spec() {
        return spec;
    }

    public Shape shape() {
        return spec.shape();
    }

    public int elements() {
        return (int) spec.elements();
    }

    /** The element at a row-major index, as double. */
    public double get(int i) {
        Objects.checkIndex(i, elements());
        return switch (spec.type()) {
            case FLOAT32 -> ((float[]) array)[i];
            case FLOAT64 -> ((double[]) array)[i];
            case INT32 -> ((int[]) array)[i];
            case INT64 -> ((long[]) array)[i];
        };
    }

    /** Sets the element at a row-major index, rounding to the tensor's type. */
    public void set(int i, double v) {
        Objects.checkIndex(i, elements());
        switch (spec.type()) {
            case FLOAT32 -> ((float[]) array)[i] = (float) v;
            case FLOAT64 -> ((double[]) array)[i] = v;
            case INT32 -> ((int[]) array)[i] = (int) v;
            case INT64 -> ((long[]) array)[i] = (long) v;
        }
    }

    /** The backing array. @throws ClassCastException if the type is another */
    public float[] floats() {
        return (float[]) array;
    }

    public double[] doubles() {
        return (double[]) array;
    }

    public long[] longs() {
        return (long[]) array;
    }

    /** The backing array, whatever its type. */
    public Object array() {
        return array;
    }

    public void fill(double v) {
        int n = elements();
        for (int i = 0; i < n; i++) {
            set(i, v);
        }
    }

    /** Copies all elements of a tensor with the same number of elements, converting the type where needed. */
    public void copyFrom(HostTensor other) {
        int n = elements();
        if (other.elements() != n) {
            throw new ShapeException("cannot copy " + other.spec + " into " + spec);
        }
        if (other.spec.type() == spec.type()) {
            System.arraycopy(other.array, 0, array, 0, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            set(i, other.get(i));
        }
    }

    /** An immutable copy. */
    public Array toArray() {
        return Array.copyOf(this);
    }
}

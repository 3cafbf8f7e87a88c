package org.mocha4j.api;

import java.util.Arrays;

/** An immutable tensor: type, shape and data. Equal by value. In files: a list of numbers or a file reference. */
public final class Array {
    private final HostTensor data;

    private Array(HostTensor data) {
        this.data = data;
    }

    public static Array copyOf(HostTensor t) {
        HostTensor copy = HostTensor.allocate(t.spec());
        copy.copyFrom(t);
        return new Array(copy);
    }

    public static Array of(Shape shape, float... values) {
        return checked(new Spec(DataType.FLOAT32, shape), values, values.length);
    }

    public static Array of(Shape shape, double... values) {
        return checked(new Spec(DataType.FLOAT64, shape), values, values.length);
    }

    public static Array scalar(DataType type, double v) {
        return filled(new Spec(type, Shape.SCALAR), v);
    }

    public static Array filled(Spec spec, double v) {
        HostTensor t = HostTensor.allocate(spec);
        t.fill(v);
        return new Array(t);
    }

    /** 0, 1, … n−1. */
    public static Array iota(DataType type, int n) {
        HostTensor t = HostTensor.allocate(Spec.of(type, n));
        for (int i = 0; i < n; i++) {
            t.set(i, i);
        }
        return new Array(t);
    }

    private static Array checked(Spec spec, Object values, int count) {
        if (spec.elements() != count) {
            throw new ShapeException(count + " values do not fill shape " + spec.shape());
        }
        return copyOf(HostTensor.wrap(spec, values));
    }

    public Spec spec() {
        return data.spec();
    }

    public Shape shape() {
        return data.shape();
    }

    public int elements() {
        return data.elements();
    }

    public double at(int i) {
        return data.get(i);
    }

    /** The same values in another type; itself where the type is the same. */
    public Array as(DataType type) {
        if (type == spec().type()) {
            return this;
        }
        HostTensor t = HostTensor.allocate(new Spec(type, shape()));
        t.copyFrom(data);
        return new Array(t);
    }

    /** The same values in another shape with as many elements. */
    public Array reshape(Shape shape) {
        if (shape.elements() != elements()) {
            throw new ShapeException("cannot reshape " + spec() + " to " + shape);
        }
        return new Array(HostTensor.wrap(spec().with(shape), data.array()));
    }

    public void copyTo(HostTensor t) {
        t.copyFrom(data);
    }

    public float[] toFloats() {
        return (float[]) as(DataType.FLOAT32).copyOfArray();
    }

    public double[] toDoubles() {
        return (double[]) as(DataType.FLOAT64).copyOfArray();
    }

    private Object copyOfArray() {
        return copyOf(data).data.array();
    }

    /** True when type, shape and every bit of the data are equal. */
    @Override
    public boolean equals(Object o) {
        if (!(o instanceof Array a) || !a.spec().equals(spec())) {
            return false;
        }
        return switch (spec().type()) {
            case FLOAT32 -> Arrays.equals(data.floats(), 0, elements(), a.data.floats(), 0, elements());
            case FLOAT64 -> Arrays.equals(data.doubles(), 0, elements(), a.data.doubles(), 0, elements());
            default -> equalElements(a);
        };
    }

    private boolean equalElements(Array a) {
        for (int i = 0; i < elements(); i++) {
            if (at(i) != a.at(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int h = spec().hashCode();
        for (int i = 0; i < Math.min(16, elements()); i++) {
            h = 31 * h + Double.hashCode(at(i));
        }
        return h;
    }

    @Override
    public String toString() {
        return "Array " + spec();
    }
}

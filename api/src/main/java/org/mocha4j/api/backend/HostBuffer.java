package org.mocha4j.api.backend;

import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;

/** A buffer that is one Java array from index 0 on, so that compiled loops vectorise. May be longer than the tensor in it. */
public record HostBuffer(DataType type, Object array) implements Buffer {
    public static HostBuffer allocate(DataType type, int elements) {
        return new HostBuffer(type, type.newArray(elements));
    }

    @Override
    public long elements() {
        return java.lang.reflect.Array.getLength(array);
    }

    public float[] floats() {
        return (float[]) array;
    }

    public double[] doubles() {
        return (double[]) array;
    }

    public int[] ints() {
        return (int[]) array;
    }

    public long[] longs() {
        return (long[]) array;
    }

    /** The buffer seen as a plain tensor. */
    public HostTensor tensor(Spec spec) {
        return HostTensor.wrap(spec, array);
    }
}

package org.mocha4j.api;

/** The element types. Nets compute in {@link #FLOAT32} or {@link #FLOAT64}; the integers serve work space and counters. */
public enum DataType {
    FLOAT32(4), FLOAT64(8), INT32(4), INT64(8);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloat() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** A zeroed Java array of this type: {@code float[]}, {@code double[]}, {@code int[]} or {@code long[]}. */
    public Object newArray(int length) {
        return switch (this) {
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
            case INT32 -> new int[length];
            case INT64 -> new long[length];
        };
    }
}

package org.mocha4j.odd.internal;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Buffer;

/** A piece of an arena; access is checked. Elements are read and written as double, int64 also as {@link #word}. */
public final class Memory implements Buffer {
    private final DataType type;
    private final ByteBuffer bytes;
    private final FloatBuffer floats;
    private final DoubleBuffer doubles;
    private final IntBuffer ints;
    private final LongBuffer longs;
    private volatile boolean freed;

    Memory(DataType type, ByteBuffer bytes) {
        this.type = type;
        this.bytes = bytes;
        floats = bytes.asFloatBuffer();
        doubles = bytes.asDoubleBuffer();
        ints = bytes.asIntBuffer();
        longs = bytes.asLongBuffer();
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public long elements() {
        return bytes.capacity() / type.bytes();
    }

    long bytes() {
        return bytes.capacity();
    }

    double get(int i) {
        return switch (type) {
            case FLOAT32 -> floats.get(i);
            case FLOAT64 -> doubles.get(i);
            case INT32 -> ints.get(i);
            case INT64 -> longs.get(i);
        };
    }

    void set(int i, double v) {
        switch (type) {
            case FLOAT32 -> floats.put(i, (float) v);
            case FLOAT64 -> doubles.put(i, v);
            case INT32 -> ints.put(i, (int) v);
            case INT64 -> longs.put(i, (long) v);
        }
    }

    /** A 64-bit integer, exact. */
    long word(int i) {
        return longs.get(i);
    }

    void word(int i, long v) {
        longs.put(i, v);
    }

    /** Zeroes everything, padding included. */
    void clear() {
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) 0);
        }
    }

    /** Fills with ones: NaN as float or double, −1 as integer. @return false if it was free before */
    boolean free() {
        if (freed) {
            return false;
        }
        freed = true;
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) -1);
        }
        return true;
    }

    /** Copies a tensor here, row-major. */
    public void write(HostTensor t) {
        same(t);
        switch (type) {
            case FLOAT32 -> floats.put(0, (float[]) t.array(), 0, t.elements());
            case FLOAT64 -> doubles.put(0, (double[]) t.array(), 0, t.elements());
            case INT32 -> ints.put(0, (int[]) t.array(), 0, t.elements());
            case INT64 -> longs.put(0, (long[]) t.array(), 0, t.elements());
        }
    }

    /** Copies what is here into a tensor, row-major. */
    public void read(HostTensor t) {
        same(t);
        switch (type) {
            case FLOAT32 -> floats.get(0, (float[]) t.array(), 0, t.elements());
            case FLOAT64 -> doubles.get(0, (double[]) t.array(), 0, t.elements());
            case INT32 -> ints.get(0, (int[]) t.array(), 0, t.elements());
            case INT64 -> longs.get(0, (long[]) t.array(), 0, t.elements());
        }
    }

    private void same(HostTensor t) {
        if (freed || t.spec().type() != type || t.elements() > elements()) {
            throw new IllegalStateException((freed ? "freed " : "") + "buffer of " + elements() + " " + type
                    + " does not fit " + t.spec());
        }
    }
}

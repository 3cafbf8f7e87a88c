package org.mocha4j.nativecpu.internal;

import com.sun.jna.Pointer;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Buffer;

/** A piece of native memory. The arena that it is part of is freed with its last piece. */
final class NativeBuffer implements Buffer {
    private final DataType type;
    private final long elements;
    private final Arena arena;
    private final Pointer memory;
    private boolean freed;

    NativeBuffer(DataType type, long elements, Arena arena, long offset) {
        this.type = type;
        this.elements = elements;
        this.arena = arena;
        this.memory = new Pointer(arena.address() + offset);
    }

    /** @throws DeviceException if it belongs to another backend */
    static NativeBuffer of(Buffer b) {
        if (b instanceof NativeBuffer n) {
            return n;
        }
        throw new DeviceException("native: not a buffer of this device: " + b);
    }

    static long address(Buffer b) {
        return b == null ? 0 : Pointer.nativeValue(of(b).memory);
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public long elements() {
        return elements;
    }

    Arena arena() {
        return arena;
    }

    /** @return false if it was free before */
    synchronized boolean free() {
        if (freed) {
            return false;
        }
        freed = true;
        return true;
    }

    void write(HostTensor t) {
        same(t);
        switch (type) {
            case FLOAT32 -> memory.write(0, (float[]) t.array(), 0, t.elements());
            case FLOAT64 -> memory.write(0, (double[]) t.array(), 0, t.elements());
            case INT32 -> memory.write(0, (int[]) t.array(), 0, t.elements());
            case INT64 -> memory.write(0, (long[]) t.array(), 0, t.elements());
        }
    }

    void read(HostTensor t) {
        same(t);
        switch (type) {
            case FLOAT32 -> memory.read(0, (float[]) t.array(), 0, t.elements());
            case FLOAT64 -> memory.read(0, (double[]) t.array(), 0, t.elements());
            case INT32 -> memory.read(0, (int[]) t.array(), 0, t.elements());
            case INT64 -> memory.read(0, (long[]) t.array(), 0, t.elements());
        }
    }

    private void same(HostTensor t) {
        if (freed || t.spec().type() != type || t.elements() > elements) {
            throw new DeviceException((freed ? "native: a freed " : "native: a ") + "buffer of " + elements + " " + type
                    + " does not fit " + t.spec());
        }
    }
}

package org.mocha4j.cuda.internal;

import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Buffer;

/** A piece of a block of device memory. The block is freed with its last piece. */
public final class CudaBuffer implements Buffer {
    private final DataType type;
    private final long elements;
    private final Pool.Block block;
    private final long address;
    private boolean freed;

    CudaBuffer(DataType type, long elements, Pool.Block block, long address) {
        this.type = type;
        this.elements = elements;
        this.block = block;
        this.address = address;
    }

    /** @throws DeviceException if it belongs to another backend */
    static CudaBuffer of(Buffer b) {
        if (b instanceof CudaBuffer c) {
            return c;
        }
        throw new DeviceException("cuda: not a buffer of this device: " + b);
    }

    /** Where it is on the device; 0 for null. */
    public static long address(Buffer b) {
        return b == null ? 0 : of(b).address;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public long elements() {
        return elements;
    }

    Pool.Block block() {
        return block;
    }

    /** @return false if it was free before */
    synchronized boolean free() {
        boolean first = !freed;
        freed = true;
        return first;
    }

    /** Whether a tensor can go in or come out. */
    synchronized void check(HostTensor t) {
        if (freed || t.spec().type() != type || t.elements() > elements) {
            throw new DeviceException((freed ? "cuda: a freed " : "cuda: a ") + "buffer of " + elements + " " + type
                    + " does not fit " + t.spec());
        }
    }
}

package org.mocha4j.odd.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;

/** One arena of native memory per request, cut at multiples of 64 bytes. Freed memory holds NaN. */
public final class Arenas {
    private static final int ALIGN = 64;
    private final AtomicLong live = new AtomicLong();
    private volatile boolean closed;

    public long liveBytes() {
        return live.get();
    }

    public List<Buffer> allocate(List<Allocation> requests) {
        if (closed) {
            throw new DeviceException("odd: allocation on a closed device");
        }
        long total = 0;
        for (Allocation a : requests) {
            total = Math.addExact(total, padded(a));
            if (total > Integer.MAX_VALUE - ALIGN) {
                throw new DeviceException("odd: an arena holds at most 2 GiB; " + a.purpose() + " asked for "
                        + a.elements() + " more elements of " + a.type());
            }
        }
        ByteBuffer arena = ByteBuffer.allocateDirect((int) total + ALIGN).alignedSlice(ALIGN);
        List<Buffer> buffers = new ArrayList<>();
        int at = 0;
        for (Allocation a : requests) {
            int bytes = (int) a.elements() * a.type().bytes();
            buffers.add(new Memory(a.type(), arena.slice(at, bytes).order(ByteOrder.nativeOrder())));
            live.addAndGet(bytes);
            at += padded(a);
        }
        return buffers;
    }

    private static long padded(Allocation a) {
        long bytes = Math.multiplyExact(a.elements(), (long) a.type().bytes());
        return Math.addExact(bytes, ALIGN - 1) / ALIGN * ALIGN;
    }

    public void free(List<Buffer> buffers) {
        for (Buffer b : buffers) {
            Memory m = memory(b);
            if (!m.free()) {
                throw new DeviceException("odd: a buffer of " + m.elements() + " " + m.type() + " was freed twice");
            }
            live.addAndGet(-m.bytes());
        }
    }

    /** @throws DeviceException if memory is still in use: whoever opened the device did not free it */
    public void close() {
        if (!closed) {
            closed = true;
            if (live.get() != 0) {
                throw new DeviceException("odd: closed while " + live.get() + " bytes are in use");
            }
        }
    }

    /** @throws DeviceException if it belongs to another backend */
    public static Memory memory(Buffer b) {
        if (b instanceof Memory m) {
            return m;
        }
        throw new DeviceException("odd: not a buffer of this device: " + b);
    }
}

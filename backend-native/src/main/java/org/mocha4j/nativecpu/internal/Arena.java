package org.mocha4j.nativecpu.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;

/** One block of native memory for all buffers of a request, each aligned to 64 bytes. */
final class Arena {
    private static final long ALIGN = 64;
    /** Smaller blocks are not compared with what is available. */
    private static final long LARGE = 16L << 20;
    /** What others may take between the comparison and the use. */
    private static final long MARGIN = 64L << 20;
    private final long address;
    private final long bytes;
    private final AtomicInteger pieces;

    private Arena(long address, long bytes, int pieces) {
        this.address = address;
        this.bytes = bytes;
        this.pieces = new AtomicInteger(pieces);
    }

    long address() {
        return address;
    }

    /**
     * Memory is in use as soon as it is allocated, and Linux ends a process that uses more than there is; so large
     * blocks are compared with what is available before.
     *
     * @throws DeviceException when memory is short, saying who asked for what
     */
    static List<Buffer> allocate(List<Allocation> requests, MemoryLimits limits) {
        if (requests.isEmpty()) {
            return List.of();
        }
        long total = 0;
        try {
            for (Allocation a : requests) {
                total = Math.addExact(total, padded(a));
            }
        } catch (ArithmeticException e) {
            throw new DeviceException(shortage(requests, ""), e);
        }
        if (total >= LARGE) {
            MemoryLimits.Room room = limits.room();
            if (total > room.bytes() - MARGIN) {
                throw new DeviceException(shortage(requests, ", " + (room.bytes() >> 20) + " MiB are available by "
                        + room.source()));
            }
        }
        long address = Calls.mocha_allocate(total);
        if (address == 0) {
            throw new DeviceException(shortage(requests, ""));
        }
        Arena arena = new Arena(address, total, requests.size());
        List<Buffer> buffers = new ArrayList<>(requests.size());
        long at = 0;
        for (Allocation a : requests) {
            buffers.add(new NativeBuffer(a.type(), a.elements(), arena, at));
            at += padded(a);
        }
        return buffers;
    }

    private static long padded(Allocation a) {
        long bytes = Math.multiplyExact(a.elements(), (long) a.type().bytes());
        return Math.addExact(bytes, ALIGN - 1) / ALIGN * ALIGN;
    }

    private static String shortage(List<Allocation> requests, String available) {
        StringBuilder s = new StringBuilder();
        double total = 0;
        for (Allocation a : requests) {
            total += (double) a.elements() * a.type().bytes();
            s.append(s.length() == 0 ? "" : "; ").append(a.purpose()).append(" (").append(a.elements()).append(' ')
                    .append(a.type().name().toLowerCase(java.util.Locale.ROOT)).append(')');
        }
        return "native memory has no room for " + (long) (total / (1 << 20)) + " MiB" + available + ": " + s
                + ". Use a smaller batch";
    }

    static void free(List<Buffer> buffers) {
        for (Buffer b : buffers) {
            NativeBuffer n = NativeBuffer.of(b);
            if (!n.free()) {
                throw new DeviceException("native: a buffer of " + n.elements() + " " + n.type() + " was freed twice");
            }
            Arena a = n.arena();
            if (a.pieces.decrementAndGet() == 0) {
                Calls.mocha_free(a.address, a.bytes);
            }
        }
    }
}

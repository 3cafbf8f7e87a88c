package org.mocha4j.cuda.internal;

import com.sun.jna.Pointer;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.cuda.internal.driver.Driver;

/**
 * Copies between Java arrays and the device. What goes up is copied into pinned memory and returns; a large tensor then
 * travels, in pieces, on a stream of its own into device memory of its own while the step before runs, and only the
 * last copy, within the device, waits for that step.
 */
final class Staging {
    /**
     * So many small tensors, and pieces of large ones, are on their way before one waits: those of more than a step.
     */
    private static final int SMALL_SLOTS = 32;
    private static final int LARGE_SLOTS = 4;
    /** Bytes from which a tensor travels on its own stream. */
    private static final long LARGE = 1 << 16;
    private static final long LEAST = 1 << 12;
    /** Bytes of a piece. */
    private static final long PIECE = 32L << 20;

    /** One piece on its way. */
    private static final class Slot {
        long bytes;
        long pinned;
        long device;
        long deviceBytes;
        long arrived;
        long done;
        boolean busy;
    }

    /** Slots that are used in turn. */
    private static final class Ring {
        final Slot[] slots;
        int next;

        Ring(int n, Driver driver) {
            slots = new Slot[n];
            for (int i = 0; i < n; i++) {
                slots[i] = new Slot();
                slots[i].arrived = driver.event();
                slots[i].done = driver.event();
            }
        }

        /** The one that was used longest ago. */
        Slot turn() {
            Slot s = slots[next];
            next = (next + 1) % slots.length;
            return s;
        }
    }

    private final Driver driver;
    private final Pool pool;
    private final long stream;
    private final long copies;
    private final Ring small;
    private final Ring large;

    Staging(Driver driver, Pool pool, long stream) {
        this.driver = driver;
        this.pool = pool;
        this.stream = stream;
        copies = driver.stream();
        small = new Ring(SMALL_SLOTS, driver);
        large = new Ring(LARGE_SLOTS, driver);
    }

    void upload(HostTensor from, long to) {
        int bytes = from.spec().type().bytes();
        int most = (int) (PIECE / bytes);
        for (long at = 0; at < from.elements(); at += most) {
            int n = (int) Math.min(most, from.elements() - at);
            upload(from, (int) at, n, to + at * bytes, (long) n * bytes);
        }
    }

    private void upload(HostTensor from, int at, int elements, long to, long bytes) {
        Slot s = slot(bytes);
        write(from, at, elements, new Pointer(s.pinned));
        if (bytes >= LARGE && onDevice(s, bytes)) {
            driver.upload(s.device, s.pinned, bytes, copies);
            driver.record(s.arrived, copies);
            driver.await(s.arrived, stream);
            driver.copy(to, s.device, bytes, stream);
        } else {
            driver.upload(to, s.pinned, bytes, stream);
        }
        driver.record(s.done, stream);
        s.busy = true;
    }

    void download(long from, HostTensor to) {
        int bytes = to.spec().type().bytes();
        int most = (int) (PIECE / bytes);
        for (long at = 0; at < to.elements(); at += most) {
            int n = (int) Math.min(most, to.elements() - at);
            Slot s = slot((long) n * bytes);
            driver.download(s.pinned, from + at * bytes, (long) n * bytes, stream);
            driver.synchronize(stream);
            read(new Pointer(s.pinned), to, (int) at, n);
        }
    }

    /** A slot of so many bytes, when its last use is over. */
    private Slot slot(long bytes) {
        Slot s = (bytes >= LARGE ? large : small).turn();
        if (s.busy) {
            driver.synchronizeEvent(s.done);
            s.busy = false;
        }
        if (s.bytes < bytes) {
            if (s.pinned != 0) {
                driver.freePinned(s.pinned);
                s.pinned = 0;
                s.bytes = 0;
            }
            long wanted = Math.max(LEAST, bytes);
            s.pinned = pinned(driver, wanted);
            s.bytes = wanted;
        }
        return s;
    }

    /** @throws DeviceException if there is no room */
    static long pinned(Driver driver, long bytes) {
        long address = driver.allocatePinned(bytes);
        if (address == 0) {
            throw new DeviceException("cuda: the host has no room for " + bytes
                    + " bytes of pinned memory; use a smaller batch");
        }
        return address;
    }

    /** Whether there is room on the device to travel through. */
    private boolean onDevice(Slot s, long bytes) {
        if (s.deviceBytes < bytes) {
            if (s.device != 0) {
                pool.release(s.device);
            }
            s.device = pool.reserve("copies on their way", bytes);
            s.deviceBytes = s.device == 0 ? 0 : bytes;
        }
        return s.device != 0;
    }

    private static void write(HostTensor t, int at, int n, Pointer to) {
        switch (t.spec().type()) {
            case FLOAT32 -> to.write(0, (float[]) t.array(), at, n);
            case FLOAT64 -> to.write(0, (double[]) t.array(), at, n);
            case INT32 -> to.write(0, (int[]) t.array(), at, n);
            case INT64 -> to.write(0, (long[]) t.array(), at, n);
        }
    }

    static void read(Pointer from, HostTensor t, int at, int n) {
        switch (t.spec().type()) {
            case FLOAT32 -> from.read(0, (float[]) t.array(), at, n);
            case FLOAT64 -> from.read(0, (double[]) t.array(), at, n);
            case INT32 -> from.read(0, (int[]) t.array(), at, n);
            case INT64 -> from.read(0, (long[]) t.array(), at, n);
        }
    }

    void close() {
        driver.synchronize(copies);
        for (Ring r : new Ring[] {small, large}) {
            for (Slot s : r.slots) {
                close(s);
            }
        }
        driver.closeStream(copies);
    }

    private void close(Slot s) {
        driver.closeEvent(s.arrived);
        driver.closeEvent(s.done);
        if (s.pinned != 0) {
            driver.freePinned(s.pinned);
        }
        if (s.device != 0) {
            pool.release(s.device);
        }
    }
}

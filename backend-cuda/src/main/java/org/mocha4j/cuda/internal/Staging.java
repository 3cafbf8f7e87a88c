package org.mocha4j.cuda.internal;

import com.sun.jna.Pointer;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.cuda.internal.driver.Driver;

/**
 * Copies between Java arrays and the device. What goes up is copied into pinned memory and returns; a large tensor then
 * travels on a stream of its own into device memory of its own while the step before runs, and only the last copy, within
 * the device, waits for that step.
 */
final class Staging {
    private static final int SLOTS = 8;
    /** Bytes from which a tensor travels on its own stream. */
    private static final long LARGE = 1 << 16;
    private static final long LEAST = 1 << 12;

    /** One tensor on its way. */
    private static final class Slot {
        long bytes;
        long pinned;
        long device;
        long deviceBytes;
        long arrived;
        long done;
        boolean busy;
    }

    private final Driver driver;
    private final long stream;
    private final long copies;
    private final Slot[] slots = new Slot[SLOTS];
    private int next;

    Staging(Driver driver, long stream) {
        this.driver = driver;
        this.stream = stream;
        copies = driver.stream();
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
            slots[i].arrived = driver.event();
            slots[i].done = driver.event();
        }
    }

    void upload(HostTensor from, long to, long bytes) {
        if (bytes == 0) {
            return;
        }
        Slot s = slot(bytes);
        write(from, new Pointer(s.pinned));
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

    void download(long from, HostTensor to, long bytes) {
        if (bytes == 0) {
            return;
        }
        Slot s = slot(bytes);
        driver.download(s.pinned, from, bytes, stream);
        driver.synchronize(stream);
        read(new Pointer(s.pinned), to);
    }

    /** The slot that was used longest ago, when its last use is over. */
    private Slot slot(long bytes) {
        Slot s = slots[next];
        next = (next + 1) % SLOTS;
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
            s.pinned = driver.allocatePinned(wanted);
            if (s.pinned == 0) {
                throw new DeviceException("cuda: the host has no room for " + wanted
                        + " bytes of pinned memory; use a smaller batch");
            }
            s.bytes = wanted;
        }
        return s;
    }

    /** Whether there is room on the device to travel through. */
    private boolean onDevice(Slot s, long bytes) {
        if (s.deviceBytes < bytes) {
            if (s.device != 0) {
                driver.free(s.device);
            }
            s.device = driver.allocate(bytes);
            s.deviceBytes = s.device == 0 ? 0 : bytes;
        }
        return s.device != 0;
    }

    private static void write(HostTensor t, Pointer to) {
        switch (t.spec().type()) {
            case FLOAT32 -> to.write(0, (float[]) t.array(), 0, t.elements());
            case FLOAT64 -> to.write(0, (double[]) t.array(), 0, t.elements());
            case INT32 -> to.write(0, (int[]) t.array(), 0, t.elements());
            case INT64 -> to.write(0, (long[]) t.array(), 0, t.elements());
        }
    }

    private static void read(Pointer from, HostTensor t) {
        switch (t.spec().type()) {
            case FLOAT32 -> from.read(0, (float[]) t.array(), 0, t.elements());
            case FLOAT64 -> from.read(0, (double[]) t.array(), 0, t.elements());
            case INT32 -> from.read(0, (int[]) t.array(), 0, t.elements());
            case INT64 -> from.read(0, (long[]) t.array(), 0, t.elements());
        }
    }

    void close() {
        driver.synchronize(copies);
        for (Slot s : slots) {
            driver.closeEvent(s.arrived);
            driver.closeEvent(s.done);
            if (s.pinned != 0) {
                driver.freePinned(s.pinned);
            }
            if (s.device != 0) {
                driver.free(s.device);
            }
        }
        driver.closeStream(copies);
    }
}

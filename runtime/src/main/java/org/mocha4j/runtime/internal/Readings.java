package org.mocha4j.runtime.internal;

import java.util.Optional;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;

/** A buffer as it was after several batches, read while the device works: at most two readings are under way. */
public final class Readings implements AutoCloseable {
    private static final int MOST = 2;
    private final HostTensor[] tensors = new HostTensor[MOST];
    private final Device.Reader[] readers = new Device.Reader[MOST];
    private final long[] steps = new long[MOST];
    private int oldest;
    private int waiting;
    private long step;

    private Readings() {
    }

    /** Empty where the device has no such readings. */
    static Optional<Readings> of(Device device, Buffer from, Spec spec) {
        Readings r = new Readings();
        for (int i = 0; i < MOST; i++) {
            r.tensors[i] = HostTensor.allocate(spec);
            Optional<Device.Reader> reader = device.reader(from, r.tensors[i]);
            if (reader.isEmpty()) {
                r.close();
                return Optional.empty();
            }
            r.readers[i] = reader.get();
        }
        return Optional.of(r);
    }

    /** How many have not been taken. */
    public int waiting() {
        return waiting;
    }

    /** Reads the buffer as the work so far leaves it. @param ofStep what {@link #step()} says when it is taken */
    public void begin(long ofStep) {
        if (waiting == MOST) {
            throw new IllegalStateException("two readings are under way; take one first");
        }
        int i = (oldest + waiting) % MOST;
        readers[i].begin();
        steps[i] = ofStep;
        waiting++;
    }

    /** Waits for the oldest; its tensor holds until the next but one {@link #begin}. */
    public HostTensor take() {
        if (waiting == 0) {
            throw new IllegalStateException("no reading is under way");
        }
        int i = oldest;
        readers[i].take();
        step = steps[i];
        oldest = (oldest + 1) % MOST;
        waiting--;
        return tensors[i];
    }

    /** The step of the reading that was taken last. */
    public long step() {
        return step;
    }

    @Override
    public void close() {
        for (Device.Reader r : readers) {
            if (r != null) {
                r.close();
            }
        }
    }
}

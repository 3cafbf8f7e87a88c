package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Workspace;

/** The memory of a device with the ledger of what is live. All allocations of a session go through here. */
public final class DeviceMemory {
    private final Device device;
    private final String who;
    private final AtomicLong live;
    private final AtomicLong peak;

    public DeviceMemory(Device device) {
        this(device, "", new AtomicLong(), new AtomicLong());
    }

    private DeviceMemory(Device device, String who, AtomicLong live, AtomicLong peak) {
        this.device = device;
        this.who = who;
        this.live = live;
        this.peak = peak;
    }

    /** The same memory with the same ledger, where messages say who wants it: {@code net [LeNet]}. */
    public DeviceMemory of(String whose) {
        return new DeviceMemory(device, whose + ": ", live, peak);
    }

    public Device device() {
        return device;
    }

    public long liveBytes() {
        return live.get();
    }

    public long peakBytes() {
        return peak.get();
    }

    Buffer allocate(DataType type, long elements, String purpose) {
        return allocate(List.of(new Device.Allocation(type, elements, purpose))).get(0);
    }

    List<Buffer> allocate(List<Device.Allocation> requests) {
        List<Buffer> buffers = device.allocate(who.isEmpty() ? requests : requests.stream()
                .map(a -> new Device.Allocation(a.type(), a.elements(), who + a.purpose())).toList());
        long now = live.addAndGet(bytes(buffers));
        peak.accumulateAndGet(now, Math::max);
        return buffers;
    }

    void free(List<Buffer> buffers) {
        live.addAndGet(-bytes(buffers));
        device.free(buffers);
    }

    private static long bytes(List<Buffer> buffers) {
        return buffers.stream().mapToLong(b -> b.elements() * b.type().bytes()).sum();
    }

    /** Writes a row-major tensor into a buffer of any layout. */
    void write(HostTensor from, Spec spec, Layout layout, Buffer to) {
        if (layout.equals(Layout.PLAIN)) {
            device.upload(from, to);
            return;
        }
        Buffer staging = allocate(spec.type(), spec.elements(), "staging");
        try {
            device.upload(from, staging);
            reorder(spec, Layout.PLAIN, staging, layout, to);
        } finally {
            free(List.of(staging));
        }
    }

    /** Reads a buffer of any layout into a new row-major tensor. */
    HostTensor read(Buffer from, Spec spec, Layout layout) {
        HostTensor t = HostTensor.allocate(spec);
        if (layout.equals(Layout.PLAIN)) {
            device.download(from, t);
            return t;
        }
        Buffer staging = allocate(spec.type(), spec.elements(), "staging");
        try {
            reorder(spec, layout, from, Layout.PLAIN, staging);
            device.download(staging, t);
            return t;
        } finally {
            free(List.of(staging));
        }
    }

    private void reorder(Spec spec, Layout a, Buffer from, Layout b, Buffer to) {
        Plan plan = device.reorder(spec, a, b);
        List<Buffer> extra = new ArrayList<>();
        Workspace w = plan.scratch();
        Buffer scratch = w.elements() == 0 ? null : allocate(w.type(), w.elements(), "reorder");
        Buffer status = allocate(DataType.INT64, Status.WORDS, "status");
        extra.add(status);
        if (scratch != null) {
            extra.add(scratch);
        }
        try (Device.Executable x = device.compile(List.of(
                plan.bind(new Binding(List.of(from), List.of(to), scratch, null, status))))) {
            x.run();
        } finally {
            free(extra);
        }
    }
}

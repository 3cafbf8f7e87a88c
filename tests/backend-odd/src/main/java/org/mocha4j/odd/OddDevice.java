package org.mocha4j.odd;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Step;
import org.mocha4j.odd.internal.Arenas;
import org.mocha4j.odd.internal.Kernels;
import org.mocha4j.odd.internal.Reorder;
import org.mocha4j.odd.internal.Tape;

/** The open device; public for what tests ask of it: how many calls were made, how many bytes are alive. */
public final class OddDevice implements Device {
    private final Arenas arenas = new Arenas();
    private final AtomicLong calls = new AtomicLong();
    private final List<Kernel<?>> kernels;

    OddDevice(boolean fusion) {
        kernels = Kernels.all(fusion);
    }

    /** The calls into "native" code since the device was opened; each runs as many steps as it was given. */
    public long calls() {
        return calls.get();
    }

    /** Bytes allocated and not freed. */
    public long liveBytes() {
        return arenas.liveBytes();
    }

    @Override
    public String description() {
        return "odd, 1 thread";
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public List<Kernel<?>> kernels() {
        return kernels;
    }

    @Override
    public Plan reorder(Spec spec, Layout from, Layout to) {
        return Reorder.plan(spec, from, to);
    }

    @Override
    public List<Buffer> allocate(List<Allocation> requests) {
        return arenas.allocate(requests);
    }

    @Override
    public void free(List<Buffer> buffers) {
        arenas.free(buffers);
    }

    @Override
    public void upload(HostTensor from, Buffer to) {
        Arenas.memory(to).write(from);
    }

    @Override
    public void download(Buffer from, HostTensor to) {
        Arenas.memory(from).read(to);
    }

    @Override
    public Executable compile(List<Step> steps) {
        return new Tape(steps, calls);
    }

    @Override
    public void close() {
        arenas.close();
    }
}

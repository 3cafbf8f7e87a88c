package org.mocha4j.nativecpu.internal;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Step;

/**
 * The processor, driven by the library. Programs may be run from several threads at once, each program by one; they share
 * the library's pool of threads, and results do not depend on how many of those take part.
 */
final class NativeDevice implements Device {
    /**
     * @param winograd whether convolutions may be computed by short filters
     * @param plans    null without a plan file
     * @param tune     whether convolutions that the plan file does not name are timed and added to it
     */
    record Options(int threads, boolean winograd, PlanFile plans, boolean tune) {
    }

    /** What the library says about a plan. @param chosen the layouts that it asks for */
    record Info(long scratchBytes, long savedBytes, List<Chosen> chosen) {
    }

    /** A layout of filters. @param plain whether it is row-major without gaps @param words see {@link OpaqueLayout} */
    record Chosen(boolean plain, long elements, List<Long> words) {
    }

    /** A plan of the library and how many programs use it. */
    private static final class Shared {
        final long handle;
        int users;

        Shared(long handle) {
            this.handle = handle;
        }
    }

    private final String description;
    private final Options options;
    private final long handle;
    private final Map<Code, Info> known = new ConcurrentHashMap<>();
    private final Map<Code, Shared> shared = new HashMap<>();
    private final List<Kernel<?>> kernels;
    private volatile boolean closed;

    NativeDevice(String description, Options options) {
        this.description = description;
        this.options = options;
        handle = made(Calls.mocha_device(options.threads()), "a device");
        kernels = Kernels.all(this);
    }

    private static long made(long handle, String what) {
        if (handle == 0) {
            throw new DeviceException("native: " + what + ": " + Calls.mocha_error());
        }
        return handle;
    }

    /** Whether convolutions may be computed by short filters, which round otherwise than the sums as defined. */
    boolean winograd() {
        return options.winograd();
    }

    /** Which way convolutions go, where a file says so. */
    Optional<PlanFile> plans() {
        return Optional.ofNullable(options.plans());
    }

    /** Whether convolutions that the plan file does not name are timed. */
    boolean tunes() {
        return options.tune();
    }

    /** What the library says about a plan; it makes one for that and throws it away. @throws PlanException if it refuses */
    Info info(Code code) {
        requireOpen();
        return known.computeIfAbsent(code, c -> {
            long p = plan(c);
            try {
                return read(p);
            } finally {
                Calls.mocha_plan_close(p);
            }
        });
    }

    private long plan(Code c) {
        long[] w = c.words().whole();
        double[] r = c.words().reals();
        long p = Calls.mocha_plan(handle, c.name(), w, w.length, r, r.length);
        if (p == 0) {
            throw new PlanException("native: " + c.name() + ": " + Calls.mocha_error());
        }
        return p;
    }

    private static Info read(long plan) {
        long[] words = new long[512];
        int n = Calls.mocha_plan_info(plan, words, words.length);
        if (n < 0) {
            throw new PlanException("native: " + Calls.mocha_error());
        }
        if (n > words.length) {
            words = new long[n];
            Calls.mocha_plan_info(plan, words, n);
        }
        List<Chosen> chosen = new ArrayList<>();
        int at = 2;
        while (at < n) {
            boolean plain = words[at++] != 0;
            long elements = words[at++];
            int count = (int) words[at++];
            List<Long> layout = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                layout.add(words[at++]);
            }
            chosen.add(new Chosen(plain, elements, List.copyOf(layout)));
        }
        return new Info(words[0], words[1], List.copyOf(chosen));
    }

    /** The library's plan, kept until it was released as often as it was acquired. */
    long acquire(NativePlan p) {
        requireOpen();
        synchronized (shared) {
            Shared s = shared.computeIfAbsent(p.code(), c -> new Shared(plan(c)));
            s.users++;
            return s.handle;
        }
    }

    void release(Code code) {
        synchronized (shared) {
            Shared s = shared.get(code);
            if (--s.users == 0) {
                shared.remove(code);
                Calls.mocha_plan_close(s.handle);
            }
        }
    }

    /** How many plans of the library are alive. */
    int livePlans() {
        synchronized (shared) {
            return shared.size();
        }
    }

    long program(Pointer words, long count) {
        return made(Calls.mocha_program(handle, words, count), "a program");
    }

    void run(long program) {
        if (Calls.mocha_run(program) != 0) {
            throw new DeviceException("native: " + Calls.mocha_error());
        }
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int threads() {
        return options.threads();
    }

    @Override
    public List<Kernel<?>> kernels() {
        return kernels;
    }

    @Override
    public Plan reorder(Spec spec, Layout from, Layout to) {
        return Reorders.plan(this, spec, from, to);
    }

    @Override
    public List<Buffer> allocate(List<Allocation> requests) {
        requireOpen();
        return Arena.allocate(requests, MemoryLimits.SYSTEM);
    }

    @Override
    public void free(List<Buffer> buffers) {
        Arena.free(buffers);
    }

    @Override
    public void upload(HostTensor from, Buffer to) {
        NativeBuffer.of(to).write(from);
    }

    @Override
    public void download(Buffer from, HostTensor to) {
        NativeBuffer.of(from).read(to);
    }

    @Override
    public Executable compile(List<Step> steps) {
        requireOpen();
        return new NativeProgram(this, steps);
    }

    private void requireOpen() {
        if (closed) {
            throw new DeviceException("device " + description + " is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Calls.mocha_device_close(handle);
            if (livePlans() > 0) {
                throw new DeviceException("native: the device is closed while programs with " + livePlans()
                        + " plans are open; close them first");
            }
        }
    }
}

package org.mocha4j.cpu.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.Step;

/** A device whose memory is Java arrays, one per buffer. */
public final class CpuDevice implements Device {
    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private final String description;
    private final Pool pool;
    private final List<Kernel<?>> kernels;
    private volatile boolean closed;

    public CpuDevice(String description, Pool pool, Function<Pool, List<Kernel<?>>> kernels) {
        this.description = description;
        this.pool = pool;
        this.kernels = List.copyOf(kernels.apply(pool));
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int threads() {
        return pool.threads();
    }

    @Override
    public List<Kernel<?>> kernels() {
        return kernels;
    }

    @Override
    public Plan reorder(Spec spec, Layout from, Layout to) {
        if (!from.equals(Layout.PLAIN) || !to.equals(Layout.PLAIN)) {
            throw new PlanException(description + " knows only layout plain, found " + from.name() + " to " + to.name()
                    + " for " + spec);
        }
        int n = Math.toIntExact(spec.elements());
        return new CpuPlan("copy", 1, 1, b -> {
            Object source = b.in(0).array();
            Object target = b.out(0).array();
            return () -> System.arraycopy(source, 0, target, 0, n);
        });
    }

    @Override
    public List<Buffer> allocate(List<Allocation> requests) {
        requireOpen();
        List<Buffer> buffers = new ArrayList<>(requests.size());
        try {
            for (Allocation a : requests) {
                if (a.elements() > MAX_ELEMENTS) {
                    throw new DeviceException(describe(a) + " does not fit into one Java array of at most "
                            + MAX_ELEMENTS + " elements; use a smaller batch");
                }
                buffers.add(HostBuffer.allocate(a.type(), (int) a.elements()));
            }
        } catch (OutOfMemoryError e) {
            buffers.clear();
            throw new DeviceException(shortage(requests), e);
        }
        return buffers;
    }

    private String shortage(List<Allocation> requests) {
        long total = 0;
        StringBuilder s = new StringBuilder();
        for (Allocation a : requests) {
            total += a.elements() * a.type().bytes();
            s.append(s.length() == 0 ? "" : "; ").append(describe(a));
        }
        return "the Java heap (at most " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB) has no room for "
                + (total >> 20) + " MiB: " + s + ". Use a smaller batch or a larger heap (-Xmx)";
    }

    private static String describe(Allocation a) {
        return a.purpose() + " (" + a.elements() + " " + a.type().name().toLowerCase(java.util.Locale.ROOT) + ")";
    }

    /** Nothing to do: the garbage collector frees what nobody holds. */
    @Override
    public void free(List<Buffer> buffers) {
    }

    @Override
    public void upload(HostTensor from, Buffer to) {
        System.arraycopy(from.array(), 0, ((HostBuffer) to).array(), 0, from.elements());
    }

    @Override
    public void download(Buffer from, HostTensor to) {
        System.arraycopy(((HostBuffer) from).array(), 0, to.array(), 0, to.elements());
    }

    @Override
    public Executable compile(List<Step> steps) {
        requireOpen();
        return new StepList(steps.toArray(Step[]::new));
    }

    private void requireOpen() {
        if (closed) {
            throw new DeviceException("device " + description + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        pool.close();
    }

    private static final class StepList implements Executable {
        private Step[] steps;

        StepList(Step[] steps) {
            this.steps = steps;
        }

        @Override
        public void run() {
            if (steps == null) {
                throw new DeviceException("this executable is closed");
            }
            for (Step s : steps) {
                s.run();
            }
        }

        @Override
        public void close() {
            steps = null;
        }
    }
}

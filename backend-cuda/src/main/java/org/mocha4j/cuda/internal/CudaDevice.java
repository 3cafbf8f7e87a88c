package org.mocha4j.cuda.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
import org.mocha4j.cuda.internal.driver.ConvolutionShape;
import org.mocha4j.cuda.internal.driver.Driver;
import org.mocha4j.cuda.internal.kernels.Kernels;
import org.mocha4j.cuda.internal.kernels.MoveKernels;

/**
 * A CUDA device. All work goes to one stream in the order in which threads come; one lock lets one thread at a time add to
 * it, so that a capture holds the work of one program alone.
 */
public final class CudaDevice implements Device {
    private record Planned(ConvolutionShape shape, Driver.Direction direction) {
    }

    private final String description;
    private final Options options;
    private final Driver driver;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue queue;
    private final Pool pool;
    private final Staging staging;
    private final Map<Planned, Long> convolutions = new HashMap<>();
    private final List<Kernel<?>> kernels;
    private boolean closed;

    CudaDevice(Driver driver, Options options, CodeFolder folder) {
        this.driver = driver;
        this.options = options;
        driver.attach();
        description = "cuda, " + driver.info().name() + ", " + driver.info().versions();
        long stream = driver.stream();
        queue = new Queue(driver, stream, new KernelCache(driver, folder));
        pool = new Pool(driver, "cuda device " + options.device() + " (" + driver.info().name() + ")", options.memoryLimit());
        staging = new Staging(driver, pool, stream);
        kernels = Kernels.all(this);
    }

    /** Whether rows of commands become graphs. */
    boolean graphs() {
        return options.graphs();
    }

    /** Calls the driver while no other thread does. */
    void exclusively(Consumer<Queue> work) {
        lock.lock();
        try {
            requireOpen();
            driver.attach();
            work.accept(queue);
        } finally {
            lock.unlock();
        }
    }

    /** The library's plan of a convolution, made once; 0 where it has none. */
    public long convolution(ConvolutionShape shape, Driver.Direction direction) {
        long[] plan = new long[1];
        exclusively(q -> plan[0] = convolutions.computeIfAbsent(new Planned(shape, direction),
                p -> driver.convolution(shape, direction, options.deterministic(), options.workspace())));
        return plan[0];
    }

    public long convolutionBytes(long plan) {
        long[] bytes = new long[1];
        exclusively(q -> bytes[0] = driver.convolutionBytes(plan));
        return bytes[0];
    }

    @Override
    public String description() {
        return description;
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
        if (!from.equals(Layout.PLAIN) || !to.equals(Layout.PLAIN)) {
            throw new PlanException("cuda: knows only layout plain, found " + from.name() + " to " + to.name() + " for "
                    + spec);
        }
        return MoveKernels.copy(spec);
    }

    @Override
    public List<Buffer> allocate(List<Allocation> requests) {
        lock.lock();
        try {
            requireOpen();
            driver.attach();
            return pool.allocate(requests, queue.stream());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void free(List<Buffer> buffers) {
        exclusively(q -> {
            driver.synchronize(q.stream());
            pool.free(buffers);
        });
    }

    @Override
    public void upload(HostTensor from, Buffer to) {
        CudaBuffer.of(to).check(from);
        exclusively(q -> staging.upload(from, CudaBuffer.address(to)));
    }

    @Override
    public void download(Buffer from, HostTensor to) {
        CudaBuffer.of(from).check(to);
        exclusively(q -> staging.download(CudaBuffer.address(from), to));
    }

    @Override
    public Optional<Reader> reader(Buffer from, HostTensor to) {
        CudaBuffer.of(from).check(to);
        return Optional.of(new CudaReader(this, CudaBuffer.address(from), to));
    }

    @Override
    public Executable compile(List<Step> steps) {
        return new CudaProgram(this, steps);
    }

    private void requireOpen() {
        if (closed) {
            throw new DeviceException("device " + description + " is closed");
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            driver.attach();
            driver.synchronize(queue.stream());
            closed = true;
            convolutions.values().stream().filter(p -> p != 0).forEach(driver::closeConvolution);
            queue.kernels().close();
            staging.close();
            pool.close();
            driver.closeStream(queue.stream());
            driver.close();
        } finally {
            lock.unlock();
        }
    }
}

package org.mocha4j.api.backend;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;

/**
 * An open device: memory, kernels, and the compiler of step lists. Safe for use by several threads. Among its kernels
 * is one for {@link org.mocha4j.api.ops.Commit} that takes each layout that its plans name, is predicated and works in
 * place.
 */
public interface Device extends AutoCloseable {
    /** For people: {@code cpu, 2 threads, 256-bit vectors}. */
    String description();

    int threads();

    /** In order of preference; the first that does not refuse is taken. */
    List<Kernel<?>> kernels();

    /** Copies a tensor between two of the layouts that this device's plans name, one of them may be PLAIN. */
    Plan reorder(Spec spec, Layout from, Layout to);

    /**
     * Zeroed buffers, all or none. @throws org.mocha4j.api.DeviceException when memory is short, saying who asked for
     * what
     */
    List<Buffer> allocate(List<Allocation> requests);

    void free(List<Buffer> buffers);

    /** Copies a row-major tensor into a buffer in layout PLAIN. Ordered with executions of this thread. */
    void upload(HostTensor from, Buffer to);

    /** Copies a buffer in layout PLAIN to the host, when all executions of this thread are done. */
    void download(Buffer from, HostTensor to);

    /**
     * Prepares to read a buffer in layout PLAIN again and again without holding up the device. Empty, as by default,
     * where {@link #download} costs no waiting.
     */
    default Optional<Reader> reader(Buffer from, HostTensor to) {
        return Optional.empty();
    }

    /** Makes one executable of steps that are bound to buffers, in this order. {@link HostStep}s are among them. */
    Executable compile(List<Step> steps);

    @Override
    void close();

    /** @param purpose for messages: who wants it */
    record Allocation(org.mocha4j.api.DataType type, long elements, String purpose) {
    }

    /** Reads one buffer into one tensor while the device works. Used by one thread at a time; allocates no memory. */
    interface Reader extends AutoCloseable {
        /**
         * Begins to copy what the buffer holds when the work of this thread so far is done, and does not wait for it.
         */
        void begin();

        /** Waits until what was begun last is in the tensor. */
        void take();

        @Override
        void close();
    }

    /** A compiled list of steps. Used by one thread at a time. */
    interface Executable extends AutoCloseable {
        /** Runs all steps once. Allocates no memory. */
        void run();

        @Override
        void close();
    }
}

package org.mocha4j.cuda.internal.driver;

import java.util.List;

/**
 * Everything that the backend asks of CUDA's libraries, for one device. Addresses and handles are numbers, 0 is none. Work
 * is ordered by streams; calls come from one thread at a time, which has called {@link #attach}. Tests have stand-ins: one
 * that records and checks the calls, and one that runs the kernels on the processor.
 *
 * <p>All methods throw {@link org.mocha4j.api.DeviceException} with the call and the library's own words when a call fails.
 */
public interface Driver extends AutoCloseable {
    /** What runs here. */
    DeviceInfo info();

    /** Makes the device's context the calling thread's. */
    void attach();

    /** Device memory. @return 0 when there is no room */
    long allocate(long bytes);

    void free(long address);

    /** Host memory that copies can be made from and to while the device works. @return 0 when there is no room */
    long allocatePinned(long bytes);

    void freePinned(long address);

    void clear(long address, long bytes, long stream);

    /** From pinned host memory to the device. */
    void upload(long to, long from, long bytes, long stream);

    /** From the device to pinned host memory. */
    void download(long to, long from, long bytes, long stream);

    /** Within the device. */
    void copy(long to, long from, long bytes, long stream);

    long stream();

    void closeStream(long stream);

    /** Waits until all work of a stream is done. */
    void synchronize(long stream);

    long event();

    void closeEvent(long event);

    void record(long event, long stream);

    /** Work that is added to the stream from now on waits for the event. */
    void await(long event, long stream);

    /** Waits for the event here. */
    void synchronizeEvent(long event);

    /**
     * Compiles CUDA C for this device.
     *
     * @param name        for messages
     * @param definitions macros, as {@code REAL=float}
     * @return what {@link #module} takes
     */
    byte[] compile(String name, String source, List<String> definitions);

    long module(byte[] code);

    void closeModule(long module);

    /** A kernel by its name. */
    long function(long module, String name);

    /** Runs a kernel on {@code blocks} blocks of {@code threads} threads. */
    void launch(long function, long blocks, int threads, Arguments arguments, long stream);

    /** From here to {@link #endCapture} work on the stream is recorded and not run. */
    void beginCapture(long stream);

    /** @return a graph that can be launched */
    long endCapture(long stream);

    void launchGraph(long graph, long stream);

    void closeGraph(long graph);

    /** y = a · b. */
    void multiply(Product product, long a, long b, long y, long stream);

    /**
     * Plans a convolution or one of its gradients; may measure.
     *
     * @param fixed whether the algorithm must be one that always gives the same bits, and always the same one
     * @param most  bytes of work space that an algorithm may want
     * @return a plan, or 0 where the library has none
     */
    long convolution(ConvolutionShape shape, Direction direction, boolean fixed, long most);

    /** What a convolution wants to be given as work space. */
    long convolutionBytes(long plan);

    /**
     * Runs a planned convolution: FORWARD (x, filter) → y, DATA (filter, dy) → dx, FILTER (x, dy) → filter gradient.
     *
     * @param workspace of {@link #convolutionBytes}
     */
    void convolve(long plan, long first, long second, long result, long workspace, long stream);

    void closeConvolution(long plan);

    /** Frees what is left. */
    @Override
    void close();

    /** Which of its three tensors a convolution computes. */
    enum Direction { FORWARD, DATA, FILTER }
}

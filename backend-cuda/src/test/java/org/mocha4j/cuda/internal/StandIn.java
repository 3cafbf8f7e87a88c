package org.mocha4j.cuda.internal;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mocha4j.api.DeviceException;
import org.mocha4j.cuda.internal.driver.Arguments;
import org.mocha4j.cuda.internal.driver.ConvolutionShape;
import org.mocha4j.cuda.internal.driver.DeviceInfo;
import org.mocha4j.cuda.internal.driver.Driver;
import org.mocha4j.cuda.internal.driver.Product;

/**
 * A driver without a device. Memory is the process's own, so copies are real, and done when {@link Streams} says;
 * kernels, products and convolutions are left to subclasses. Every address must lie in memory that is live, with as
 * many bytes behind it as the call needs; every handle must be live and of its kind; what was made must be closed.
 * What is wrong is an {@link AssertionError}.
 */
abstract class StandIn implements Driver {
    /** Every call that changes something, as text. */
    final List<String> calls = new ArrayList<>();
    private final TreeMap<Long, Long> device = new TreeMap<>();
    private final TreeMap<Long, Long> pinned = new TreeMap<>();
    private final Map<Long, String> handles = new HashMap<>();
    private final Map<Long, List<Runnable>> graphs = new HashMap<>();
    private final Map<Long, Object> objects = new HashMap<>();
    private final long capacity;
    private final Streams streams;
    /** What products throw while a graph is captured. */
    DeviceException refusal;
    private List<Runnable> capture;
    private Thread attached;
    private long last;
    private long launched;
    /** Graphs that were launched before an event was recorded. */
    private final Map<Long, Long> recorded = new HashMap<>();
    private boolean closed;

    /**
     * @param capacity bytes that the device has
     * @param early    see {@link Streams}
     */
    StandIn(long capacity, boolean early) {
        this.capacity = capacity;
        this.streams = new Streams(early);
    }

    abstract void run(String kernel, Object module, long blocks, int threads, Arguments arguments);

    abstract void run(Product p, long a, long b, long y);

    abstract void run(ConvolutionShape s, Direction d, long first, long second, long result);

    abstract Object load(byte[] code);

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void called(String text) {
        require(!closed, "a call after close: " + text);
        require(attached == Thread.currentThread(), "the context is not this thread's: " + text);
        calls.add(text);
    }

    private long made(String kind) {
        handles.put(++last, kind);
        return last;
    }

    private void of(long handle, String kind) {
        require(kind.equals(handles.get(handle)), handle + " is no live " + kind + " but " + handles.get(handle));
    }

    private void ended(long handle, String kind) {
        of(handle, kind);
        handles.remove(handle);
        called("close " + kind);
    }

    private void work(long stream, Runnable r) {
        of(stream, "stream");
        if (capture != null) {
            capture.add(r);
        } else {
            streams.add(stream, r);
        }
    }

    private static void within(TreeMap<Long, Long> memory, String which, long address, long bytes) {
        Map.Entry<Long, Long> e = memory.floorEntry(address);
        require(e != null && address + bytes <= e.getKey() + e.getValue() && (bytes > 0 || address < e.getKey() + e.getValue()),
                bytes + " bytes at " + address + " are not in live " + which + " memory");
    }

    /** Requires that so many bytes of device memory are there. */
    void onDevice(long address, long bytes) {
        within(device, "device", address, bytes);
    }

    Object object(long handle) {
        return objects.get(handle);
    }

    /** Bytes of device memory that are in use. */
    long used() {
        return device.values().stream().mapToLong(b -> b).sum();
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("a stand-in", 75, capacity, "no versions");
    }

    @Override
    public void attach() {
        attached = Thread.currentThread();
    }

    @Override
    public long allocate(long bytes) {
        called("allocate " + bytes);
        require(bytes > 0, "an allocation of " + bytes + " bytes");
        require(capture == null, "an allocation while a graph is captured");
        return bytes > capacity - used() ? 0 : reserve(device, bytes);
    }

    private static long reserve(TreeMap<Long, Long> memory, long bytes) {
        long base = Native.malloc(bytes + 256);
        long address = (base + 255) / 256 * 256;
        new Pointer(address).setMemory(0, bytes, (byte) 0xff);            // NaN in either type
        memory.put(address, bytes);
        return address;
    }

    @Override
    public void free(long address) {
        called("free");
        require(capture == null, "memory is freed while a graph is captured");
        streams.drain();
        require(device.remove(address) != null, address + " is not the start of live device memory");
    }

    @Override
    public long allocatePinned(long bytes) {
        called("allocate pinned " + bytes);
        return reserve(pinned, bytes);
    }

    @Override
    public void freePinned(long address) {
        called("free pinned");
        require(pinned.remove(address) != null, address + " is not the start of live pinned memory");
    }

    @Override
    public void clear(long address, long bytes, long stream) {
        called("clear " + bytes);
        onDevice(address, bytes);
        work(stream, () -> new Pointer(address).setMemory(0, bytes, (byte) 0));
    }

    @Override
    public void upload(long to, long from, long bytes, long stream) {
        called("upload " + bytes);
        now(stream, () -> {
            onDevice(to, bytes);
            within(pinned, "pinned", from, bytes);
        }, () -> move(to, from, bytes));
    }

    @Override
    public void download(long to, long from, long bytes, long stream) {
        called("download " + bytes);
        now(stream, () -> {
            onDevice(from, bytes);
            within(pinned, "pinned", to, bytes);
        }, () -> move(to, from, bytes));
    }

    @Override
    public void copy(long to, long from, long bytes, long stream) {
        called("copy " + bytes);
        now(stream, () -> {
            onDevice(from, bytes);
            onDevice(to, bytes);
        }, () -> move(to, from, bytes));
    }

    /** Checks now and again when the work is done. */
    private void now(long stream, Runnable check, Runnable r) {
        check.run();
        work(stream, () -> {
            check.run();
            r.run();
        });
    }

    private static void move(long to, long from, long bytes) {
        new Pointer(to).write(0, new Pointer(from).getByteArray(0, (int) bytes), 0, (int) bytes);
    }

    @Override
    public long stream() {
        called("stream");
        long s = made("stream");
        streams.open(s);
        return s;
    }

    @Override
    public void closeStream(long stream) {
        ended(stream, "stream");
        streams.close(stream);
    }

    @Override
    public void synchronize(long stream) {
        called("synchronize");
        of(stream, "stream");
        require(capture == null, "a wait while a graph is captured");
        streams.drain(stream);
    }

    @Override
    public long event() {
        called("event");
        return made("event");
    }

    @Override
    public void closeEvent(long event) {
        ended(event, "event");
    }

    @Override
    public void record(long event, long stream) {
        called("record event");
        recorded.put(event, launched);
        of(event, "event");
        of(stream, "stream");
        require(capture == null, "an event in a graph");
        streams.record(event, stream);
    }

    @Override
    public void await(long event, long stream) {
        called("await event");
        of(event, "event");
        of(stream, "stream");
        require(capture == null, "an event in a graph");
        streams.await(event, stream);
    }

    @Override
    public void synchronizeEvent(long event) {
        called("synchronize event of " + (launched - recorded.getOrDefault(event, 0L)) + " graphs ago");
        of(event, "event");
        require(capture == null, "a wait while a graph is captured");
        streams.synchronizeEvent(event);
    }

    @Override
    public long module(byte[] code) {
        called("module");
        require(capture == null, "a module is loaded while a graph is captured");
        long m = made("module");
        objects.put(m, load(code));
        return m;
    }

    @Override
    public void closeModule(long module) {
        ended(module, "module");
        objects.remove(module);
    }

    private record Function(String name, Object module) {
    }

    @Override
    public long function(long module, String name) {
        called("function " + name);
        of(module, "module");
        objects.put(++last, new Function(name, objects.get(module)));
        return last;
    }

    @Override
    public void launch(long function, long blocks, int threads, Arguments arguments, long stream) {
        Function f = (Function) objects.get(function);
        require(f != null, function + " is no function");
        called("launch " + f.name() + " on " + blocks + "x" + threads + " (" + arguments + ")");
        require(blocks > 0 && blocks <= Integer.MAX_VALUE && threads > 0 && threads <= 1024, "a launch of " + blocks + " blocks of "
                + threads + " threads");
        arguments.addresses().forEach(a -> onDevice(a, 1));
        require(arguments.words().length <= 4096 / 8, "more than 4096 bytes of arguments");
        work(stream, () -> run(f.name(), f.module(), blocks, threads, arguments));
    }

    @Override
    public void beginCapture(long stream) {
        called("begin capture");
        of(stream, "stream");
        require(capture == null, "a capture in a capture");
        capture = new ArrayList<>();
    }

    @Override
    public long endCapture(long stream) {
        called("end capture");
        require(capture != null, "no capture to end");
        long g = made("graph");
        graphs.put(g, capture);
        capture = null;
        return g;
    }

    @Override
    public void launchGraph(long graph, long stream) {
        called("launch graph");
        launched++;
        of(graph, "graph");
        require(capture == null, "a graph in a graph");
        graphs.get(graph).forEach(r -> work(stream, r));
    }

    @Override
    public void closeGraph(long graph) {
        ended(graph, "graph");
        graphs.remove(graph);
    }

    @Override
    public void multiply(Product p, long a, long b, long y, long stream) {
        called("multiply " + p);
        if (capture != null && refusal != null) {
            throw refusal;
        }
        long n = (long) p.batch() * p.type().bytes();
        onDevice(a, n * p.sizeA());
        onDevice(b, n * p.sizeB());
        onDevice(y, n * p.sizeY());
        work(stream, () -> run(p, a, b, y));
    }

    private record Planned(ConvolutionShape shape, Direction direction) {
    }

    @Override
    public long convolution(ConvolutionShape shape, Direction direction, boolean fixed, long most) {
        called("plan convolution " + direction + (fixed ? " fixed" : "") + " within " + most + ": " + shape);
        long c = made("convolution");
        objects.put(c, new Planned(shape, direction));
        return c;
    }

    /** Some number, which the caller must have planned for. */
    @Override
    public long convolutionBytes(long plan) {
        of(plan, "convolution");
        return 1000;
    }

    @Override
    public void convolve(long plan, long first, long second, long result, long workspace, long stream) {
        of(plan, "convolution");
        Planned p = (Planned) objects.get(plan);
        called("convolve " + p.direction());
        onDevice(workspace, convolutionBytes(plan));
        long e = p.shape().type().bytes();
        long x = e * p.shape().x().elements();
        long f = e * p.shape().filter().elements();
        long y = e * p.shape().y().elements();
        onDevice(first, p.direction() == Direction.DATA ? f : x);
        onDevice(second, p.direction() == Direction.FORWARD ? f : y);
        onDevice(result, p.direction() == Direction.FORWARD ? y : p.direction() == Direction.DATA ? x : f);
        work(stream, () -> run(p.shape(), p.direction(), first, second, result));
    }

    @Override
    public void closeConvolution(long plan) {
        ended(plan, "convolution");
    }

    @Override
    public void close() {
        called("close");
        closed = true;
        require(device.isEmpty(), "device memory is left: " + device);
        require(pinned.isEmpty(), "pinned memory is left: " + pinned);
        require(handles.isEmpty(), "left open: " + handles);
    }
}

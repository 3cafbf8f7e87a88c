package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.runtime.internal.DeviceMemory;
import org.mocha4j.runtime.internal.Kernels;
import org.mocha4j.runtime.internal.SmallGraph;
import org.mocha4j.runtime.internal.Storage;

/** An open device with the plug-ins at hand, and the nets on it. Close the nets first. */
public final class Session implements AutoCloseable {
    private static final class Shared {
        final Storage storage;
        int nets;

        Shared(Storage storage) {
            this.storage = storage;
        }
    }

    private final Catalog catalog;
    private final SessionOptions options;
    private final String backend;
    private final String selection;
    private final Device device;
    private final DeviceMemory memory;
    private final Kernels kernels;
    private final Map<List<Object>, Shared> parameters = new LinkedHashMap<>();
    private final List<Net> nets = new ArrayList<>();
    private boolean closed;

    private Session(Catalog catalog, SessionOptions options, Backend backend, String selection) {
        this.catalog = catalog;
        this.options = options;
        this.backend = backend.name();
        this.selection = selection;
        this.device = backend.open(options.device());
        this.memory = new DeviceMemory(device);
        this.kernels = new Kernels(device, catalog.kernels(backend.name()));
    }

    /** @throws DeviceException if the backend asked for is not usable; never another one instead */
    public static Session open(Catalog catalog, SessionOptions options) {
        if (options.backend() != null && !options.backend().equals("auto")) {
            Backend b = catalog.usable(options.backend());
            return new Session(catalog, options, b, b.name() + ": " + b.probe().detail());
        }
        Map<Backend, Availability> all = new LinkedHashMap<>();
        catalog.backends().forEach(b -> all.put(b, b.probe()));
        Backend best = all.keySet().stream().filter(b -> all.get(b).usable())
                .max(Comparator.comparingInt(b -> all.get(b).rank())).orElseThrow(() -> new DeviceException(
                        "no backend is usable" + describe(all, null) + "; install one, such as the bundle org.mocha4j.cpu"));
        return new Session(catalog, options, best, best.name() + ": " + all.get(best).detail() + describe(all, best));
    }

    private static String describe(Map<Backend, Availability> all, Backend taken) {
        StringBuilder s = new StringBuilder();
        all.forEach((b, a) -> {
            if (b != taken) {
                s.append("; ").append(b.name()).append(a.usable() ? " not taken, it is slower" : " not usable: " + reason(b, a));
            }
        });
        return s.toString();
    }

    /** What is wrong; where it was looked for, and what to do, is for those who ask for that backend. */
    private static String reason(Backend b, Availability a) {
        String first = a.detail().split("; ", 2)[0];
        String prefix = b.name() + ": ";
        return first.startsWith(prefix) ? first.substring(prefix.length()) : first;
    }

    public Catalog catalog() {
        return catalog;
    }

    public SessionOptions options() {
        return options;
    }

    /** The name of the backend in use. */
    public String backend() {
        return backend;
    }

    /** What was chosen and why not the others, one line. */
    public String selection() {
        return selection;
    }

    public Device device() {
        return device;
    }

    public DataType type() {
        return options.type();
    }

    public long seed() {
        return options.seed();
    }

    /** Bytes of device memory in use; 0 after close. */
    public long liveBytes() {
        return memory.liveBytes();
    }

    public long peakBytes() {
        return memory.peakBytes();
    }

    /** Builds a net. @throws org.mocha4j.api.MochaException with everything that is wrong with it, a line each */
    public Net net(String name, Phase phase, List<Node> nodes) {
        return net(name, phase, nodes, NetOptions.DEFAULT);
    }

    public synchronized Net net(String name, Phase phase, List<Node> nodes, NetOptions o) {
        Net net = new Net(this, name, phase, nodes, o);
        nets.add(net);
        return net;
    }

    /** Computes a small graph once: for tests and tools. */
    public List<Array> evaluate(List<Array> inputs, BiFunction<Graph, List<Value>, List<Value>> f) {
        return new SmallGraph(memory, kernels, options).evaluate(inputs, f);
    }

    /** The gradients of Σ dOut · f(inputs) with respect to the inputs; null where there is none. */
    public List<Array> gradients(List<Array> inputs, List<Array> dOut, BiFunction<Graph, List<Value>, List<Value>> f) {
        return new SmallGraph(memory, kernels, options).gradients(inputs, dOut, f);
    }

    /** Times a small graph on this device: nanoseconds of each of some runs, after others that warm up. */
    public long[] time(List<Array> inputs, int warmup, int runs, BiFunction<Graph, List<Value>, List<Value>> f) {
        return new SmallGraph(memory, kernels, options).time(inputs, warmup, runs, f);
    }

    DeviceMemory memory() {
        return memory;
    }

    Kernels kernels() {
        return kernels;
    }

    /** The storage of a node's parameter, shared by all nets that have the node or its parameter key. */
    synchronized Storage storage(Net net, Node node, String name, Spec spec, Param param, Initializer init) {
        Object owner = node.paramKey() != null ? node.paramKey() : node;
        Shared s = parameters.computeIfAbsent(List.of(owner, name), k -> new Shared(
                new Storage((node.paramKey() != null ? node.paramKey() : node.name()) + "___" + name, spec, param, init, seed(), memory)));
        if (!s.storage.spec().equals(spec)) {
            throw new ShapeException("parameter [" + s.storage.name() + "] is " + s.storage.spec()
                    + " where it was made; here it would be " + spec);
        }
        if (net.uses(s.storage)) {
            s.nets++;
        }
        return s.storage;
    }

    synchronized void release(Net net, java.util.Collection<Storage> used) {
        nets.remove(net);
        parameters.values().removeIf(s -> {
            if (used.contains(s.storage) && --s.nets == 0) {
                s.storage.free();
                return true;
            }
            return false;
        });
    }

    /** Closes the nets that are still open, then the device. */
    @Override
    public void close() {
        List<Net> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(nets);
        }
        try {
            open.forEach(Net::close);
        } finally {
            device.close();
        }
    }
}

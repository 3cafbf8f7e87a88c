package org.mocha4j.suite.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.cpu.CpuPlugin;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.odd.OddPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Tensors;

/** What the tests of the runtime share: sessions, small nets, data. */
final class Rig {
    static final String[] BACKENDS = {"reference", "cpu", "odd"};

    private Rig() {
    }

    static Session open(String backend) {
        return open(backend, DataType.FLOAT32, true);
    }

    static Session open(String backend, DataType type, boolean fuse, Kernel<?>... kernels) {
        return Session.open(catalog(backend, kernels),
                new SessionOptions(backend, DeviceOptions.threads(backend.equals("cpu") ? 3 : 0), type, 7, Path.of(""),
                fuse));
    }

    private static Catalog catalog(String backend, Kernel<?>... kernels) {
        List<Plugin> plugins = new ArrayList<>(List.of(new CpuPlugin(), new OddPlugin()));
        if (kernels.length > 0) {
            plugins.add(new Own(backend, kernels));
        }
        return Catalog.of(plugins.stream().map(p -> LoadedPlugin.of(p, p.getClass().getSimpleName(), "0")).toList());
    }

    /** A third party's kernels. */
    private record Own(String backend, Kernel<?>[] kernels) implements Plugin {
        @Override
        public PluginInfo info() {
            return new PluginInfo("own", "0", "kernels of a test");
        }

        @Override
        public void register(Registrar r) {
            r.kernels(backend, kernels);
        }
    }

    static Node node(String name, Layer layer, List<String> bottoms, String... tops) {
        return new Node(name, layer, bottoms, List.of(tops), null, null, null);
    }

    static Node keyed(String name, Layer layer, String bottom, String top, String key) {
        return new Node(name, layer, List.of(bottom), List.of(top), null, null, key);
    }

    static Node only(Phase phase, Node n) {
        return new Node(n.name(), n.layer(), n.bottoms(), n.tops(), n.neuron(), phase, n.paramKey());
    }

    /** Two data layers' tops, [n, c, h, w] in −1 … 1 and labels below classes. */
    static Node data(int n, int c, int h, int w, int classes) {
        Random r = new Random(5);
        double[] x = r.doubles((long) n * c * h * w, -1, 1).toArray();
        double[] y = r.ints(n, 0, classes).asDoubleStream().toArray();
        return Node.source("data", new MemoryData(n, Array.of(Shape.of(n, c, h, w), x), Array.of(Shape.of(n), y)),
                "data", "label");
    }

    /** Convolution, pooling, two products: everything that has layouts and work space. */
    static List<Node> lenet(int batch) {
        return List.of(data(batch, 3, 9, 9, 4),
                Node.of("conv", new Convolution(6, Window.of(3)), "data", "conv").with(new ReLU()),
                Node.of("pool", new Pooling(Window.of(2, 2)), "conv", "pool"),
                Node.of("conv2", new Convolution(5, new Window(Size.of(3), Size.of(1), Size.of(1), null)), "pool",
                "conv2"),
                Node.of("ip1", new InnerProduct(7), "conv2", "ip1").with(new ReLU()),
                Node.of("ip2", new InnerProduct(4), "ip1", "ip2"),
                Node.sink("loss", new SoftmaxLoss(), "ip2", "label"));
    }

    /** The first batch of a net's data layers. */
    static List<List<HostTensor>> batch(Net net) {
        return net.data().stream().map(d -> {
            List<HostTensor> t = d.specs().stream().map(HostTensor::allocate).toList();
            d.stream().next(t);
            return t;
        }).toList();
    }

    static HostTensor tensor(DataType type, Shape shape, double... values) {
        HostTensor t = HostTensor.allocate(new Spec(type, shape));
        for (int i = 0; i < values.length; i++) {
            t.set(i, values[i]);
        }
        return t;
    }

    static HostTensor random(DataType type, Shape shape, long seed) {
        return tensor(type, shape, new Random(seed).doubles(shape.elements(), -1, 1).toArray());
    }

    static Map<String, Array> all(Tensors t) {
        Map<String, Array> m = new java.util.LinkedHashMap<>();
        t.names().forEach(n -> m.put(n, t.read(n)));
        return m;
    }

    static Param param(double... first) {
        return new Param(new Values(first), null, null, 1.0);
    }

    /** Given first values. */
    record Values(double... values) implements Initializer {
        @Override
        public void fill(HostTensor t, RandomStream random) {
            for (int i = 0; i < t.elements(); i++) {
                t.set(i, values[i % values.length]);
            }
        }
    }
}

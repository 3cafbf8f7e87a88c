package org.mocha4j.runtime.config;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Format;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Policy;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Slots;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;

/** Records of every form, and a catalog of them. */
final class Samples {
    private Samples() {
    }

    interface Through extends Layer {
        @Override
        default List<Value> build(Graph g, List<Value> in) {
            return in;
        }
    }

    enum Kind { MAX, MEAN, WITHIN_CHANNEL }

    record Convolution(int filters, @Flat Window window, Integer groups) implements Through {
        Convolution {
            groups = or(groups, 1);
            positive("filters", filters);
            require(window != null, "kernel", null, "a number or [width, height]");
        }
    }

    /** Its window may be absent. */
    record Pooling(@Flat Window window, Kind pooling, boolean global) implements Through {
        Pooling {
            require(global || window != null, "kernel", null, "a number or [width, height]");
        }
    }

    record Everything(long big, double real, Float small, Boolean flag, String text, Path path, Kind kind,
                      List<Integer> numbers, Map<String, Double> map, Size size, Shape shape, Array array,
                      List<Neuron> neurons, Policy rate, Window window, Initializer first) implements Through {
    }

    record Broken(Object any, List<?> wild) implements Through {
    }

    record Throws(String text) implements Through {
        Throws {
            if (text == null) {
                throw new IllegalStateException("no text");
            }
        }
    }

    /** Takes a name that the node has. */
    record Clash(String phase) implements Through {
    }

    record ReLU(Double epsilon) implements Neuron {
        ReLU {
            epsilon = or(epsilon, 0.0);
        }

        @Override
        public Value apply(Graph g, Value x) {
            return x;
        }
    }

    /** Its name is a null in YAML. */
    record Null() implements Initializer {
        @Override
        public void fill(HostTensor t, RandomStream random) {
            t.fill(0);
        }
    }

    record Inv(double base, Double gamma) implements Policy {
        @Override
        public double at(long iteration) {
            return base;
        }
    }

    record SGD(Policy momentum) implements UpdateRule {
        @Override
        public void update(Graph g, Value parameter, Value gradient, Slots state) {
            throw new UnsupportedOperationException();
        }
    }

    record Solver(@Flat UpdateRule rule, int iterations, Policy rate) {
    }

    record Root(String name, List<NodeConfig> layers, Solver solver, DataType type) {
    }

    record Named(@Flat Neuron neuron, @Flat String wrong) {
    }

    /** A file of one tensor: "T name v v v". */
    private record Plain() implements Format {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public boolean recognises(byte[] head) {
            return head.length > 0 && head[0] == 'T';
        }

        @Override
        public TensorFile read(Path file) throws java.io.IOException {
            String[] words = Files.readString(file).strip().split(" ");
            if (words.length < 3) {
                throw new DataException(file + " ends too early");
            }
            float[] values = new float[words.length - 2];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.parseFloat(words[i + 2]);
            }
            return new TensorFile(Map.of(words[1], Array.of(Shape.of(values.length), values)), Map.of());
        }

        @Override
        public void write(Path file, TensorFile content) {
            throw new UnsupportedOperationException();
        }
    }

    static Catalog catalog() {
        return Catalog.of(List.of(plugin()));
    }

    static LoadedPlugin plugin() {
        return LoadedPlugin.of(new Plugin() {
            @Override
            public PluginInfo info() {
                return new PluginInfo("", "1", "samples");
            }

            @Override
            public void register(Registrar r) {
                r.types(Convolution.class, Pooling.class, Everything.class, Broken.class, Throws.class, Clash.class,
                        ReLU.class, Null.class, Inv.class, SGD.class);
                r.format(new Plain());
            }
        }, "samples", "1");
    }

    static <T extends Record> Bound<T> bind(Class<T> type, String... lines) {
        return new Binder(catalog(), Path.of("")).bind(type, Yaml.parse("net.yaml", String.join("\n", lines)));
    }

    /** The layer of a net of one. */
    static Layer layer(String fields) {
        return bind(Root.class, "layers:", "- {name: a, " + fields + "}").get().layers().get(0).layer();
    }

    /** What is wrong with a net of one layer, which stands in line 2. */
    static String wrong(String fields) {
        return bind(Root.class, "layers:", "- {name: a, " + fields + "}").problems().toString();
    }

    static String lines(String... lines) {
        return String.join("\n", lines);
    }
}

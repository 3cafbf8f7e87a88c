package org.mocha4j.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Format;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.Value;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Relu;

class CatalogTest {
    public record Convolution(int filters) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> in) {
            return in;
        }
    }

    public record Scale() implements Layer, Transformer {
        @Override
        public List<Value> build(Graph g, List<Value> in) {
            return in;
        }

        @Override
        public Value apply(Graph g, Value x) {
            return x;
        }
    }

    public record Swish() implements Neuron {
        @Override
        public Value apply(Graph g, Value x) {
            return x;
        }
    }

    /** Another type of the same simple name. */
    static class Other {
        public record Convolution() implements Layer {
            @Override
            public List<Value> build(Graph g, List<Value> in) {
                return in;
            }
        }
    }

    public record NoRole() {
    }

    private record Named(String name) implements Backend {
        @Override
        public Availability probe() {
            return new Availability(true, 0, "");
        }

        @Override
        public Device open(DeviceOptions o) {
            throw new UnsupportedOperationException();
        }
    }

    private record ReluKernel() implements Kernel<Relu> {
        @Override
        public Class<Relu> op() {
            return Relu.class;
        }

        @Override
        public Offer plan(Relu op, PlanRequest r) {
            return new Refusal("a test");
        }
    }

    private record Magic(String name, String magic) implements Format {
        @Override
        public boolean recognises(byte[] head) {
            return new String(head, StandardCharsets.ISO_8859_1).startsWith(magic);
        }

        @Override
        public TensorFile read(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(Path file, TensorFile content) {
            throw new UnsupportedOperationException();
        }
    }

    private static LoadedPlugin plugin(String origin, String prefix, Consumer<Registrar> register) {
        return LoadedPlugin.of(new Plugin() {
            @Override
            public PluginInfo info() {
                return new PluginInfo(prefix, "1.2", "a test");
            }

            @Override
            public void register(Registrar r) {
                register.accept(r);
            }
        }, origin, "");
    }

    private static final LoadedPlugin OWN = plugin("org.mocha4j.layers", "", r -> {
        r.types(Convolution.class, Scale.class);
        r.backend(new Named("cpu"));
    });
    private static final LoadedPlugin ACME = plugin("acme.jar", "acme", r -> {
        r.types(Swish.class, Other.Convolution.class);
        r.kernels("cpu", new ReluKernel());
    });

    private static String error(Runnable r) {
        return assertThrows(ConfigurationException.class, r::run).getMessage();
    }

    @Test
    void typesAreFoundByRoleAndName() {
        Catalog c = Catalog.of(List.of(OWN));
        assertEquals(new TypeEntry(Layer.class, "Convolution", Convolution.class, "org.mocha4j.layers", "1.2"),
                c.type(Layer.class, "Convolution"));
        assertSame(Scale.class, c.type(Layer.class, "Scale").type());
        assertSame(Scale.class, c.type(Transformer.class, "Scale").type());
        assertEquals(List.of("Convolution", "Scale"), c.names(Layer.class));
        assertEquals("Scale", c.nameOf(Scale.class));
        assertEquals("org.mocha4j.layers", c.origin(Scale.class).orElseThrow().origin());
    }

    @Test
    void thirdPartiesHaveTheirPrefix() {
        Catalog c = Catalog.of(List.of(OWN, ACME));
        assertSame(Swish.class, c.type(Neuron.class, "acme.Swish").type());
        assertEquals("acme.Swish", c.nameOf(Swish.class));
        assertEquals("unknown neuron [Swish]; did you mean acme.Swish? There are: acme.Swish",
                error(() -> c.type(Neuron.class, "Swish")));
        assertSame(Convolution.class, c.type(Layer.class, "Convolution").type());
        assertSame(Other.Convolution.class, c.type(Layer.class, "acme.Convolution").type());
    }

    @Test
    void anUnknownNameListsWhatThereIs() {
        Catalog c = Catalog.of(List.of(OWN));
        assertEquals("unknown layer [Convolutoin]; did you mean Convolution? There are: Convolution, Scale",
                error(() -> c.type(Layer.class, "Convolutoin")));
        assertEquals("unknown layer [LSTM]; there are: Convolution, Scale", error(() -> c.type(Layer.class, "LSTM")));
        assertEquals("unknown policy [Inv]; there are: none", error(() -> c.type(Policy.class, "Inv")));
        assertEquals("unknown backend [cqu]; did you mean cpu? There are: cpu", error(() -> c.backend("cqu")));
        assertEquals(Swish.class.getName() + " is not in the catalog; expected: a record that an installed plug-in"
                + " registers", error(() -> c.nameOf(Swish.class)));
    }

    @Test
    void anAbsentPrefixNamesThePluginsThatAreThere() {
        Catalog c = Catalog.of(List.of(OWN));
        assertEquals("unknown neuron [acme.Swish]: no plug-in with the prefix [acme] is there; install the one that"
                + " has it. Plug-ins: org.mocha4j.layers 1.2", error(() -> c.type(Neuron.class, "acme.Swish")));
    }

    @Test
    void aNameInTwoPluginsIsAnErrorForWhoUsesItOnly() {
        Catalog c = Catalog.of(List.of(OWN, plugin("other.jar", "", r -> {
            r.types(Other.Convolution.class);
            r.backend(new Named("cpu"));
            r.backend(new Named("gpu"));
        })));
        assertEquals("layer [Convolution] is ambiguous: it is in org.mocha4j.layers 1.2 and in other.jar 1.2; remove "
                + "one of"
                + " them", error(() -> c.type(Layer.class, "Convolution")));
        assertEquals("backend [cpu] is ambiguous: it is in org.mocha4j.layers 1.2 and in other.jar 1.2; remove one of "
                + "them",
                error(() -> c.backend("cpu")));
        assertSame(Scale.class, c.type(Layer.class, "Scale").type());
        assertEquals(List.of("gpu"), c.backends().stream().map(Backend::name).toList());
    }

    @Test
    void theSameClassFoundTwiceIsNoDuplicate() {
        Catalog c = Catalog.of(List.of(OWN, plugin("again", "", r -> r.types(Convolution.class))));
        assertSame(Convolution.class, c.type(Layer.class, "Convolution").type());
    }

    @Test
    void aPluginThatThrowsOffersNothingAndIsNamed() {
        Catalog c = Catalog.of(List.of(OWN, plugin("acme.jar", "acme", r -> {
            r.types(Swish.class);
            r.backend(new Named("acme"));
            throw new IllegalStateException("no licence");
        })));
        assertEquals("unknown neuron [acme.Swish]: the plug-in with the prefix [acme] is broken: acme.jar 1.2"
                + " (java.lang.IllegalStateException: no licence)", error(() -> c.type(Neuron.class, "acme.Swish")));
        assertEquals("unknown backend [acme]; there are: cpu. Broken plug-ins: acme.jar 1.2"
                + " (java.lang.IllegalStateException: no licence)", error(() -> c.backend("acme")));
        assertTrue(c.plugins().get(1).broken());
        assertEquals(List.of(), c.plugins().get(1).provides());
    }

    @Test
    void aPluginThatCannotBeLoadedOrAskedIsListedWithItsCause() {
        Catalog c = Catalog.of(List.of(
                LoadedPlugin.failed("a.jar", "3", new RuntimeException("outer", new NoClassDefFoundError("x/Y"))),
                LoadedPlugin.of(new Plugin() {
                    @Override
                    public PluginInfo info() {
                        return null;
                    }

                    @Override
                    public void register(Registrar r) {
                        throw new AssertionError("must not be asked");
                    }
                }, "b.jar", "")));
        assertEquals("[a.jar 3 (java.lang.NoClassDefFoundError: x/Y), b.jar (" + ConfigurationException.class.getName()
                + ": info() returns null)]", c.plugins().toString());
    }

    @Test
    void pluginsTellWhatTheyProvide() {
        PluginState p = Catalog.of(List.of(ACME)).plugins().get(0);
        assertFalse(p.broken());
        assertEquals("acme.jar 1.2", p.toString());
        assertEquals(List.of("neuron acme.Swish", "layer acme.Convolution", "kernel for cpu: Relu"), p.provides());
    }

    @Test
    void wrongRegistrationsBreakThePlugin() {
        Catalog c = Catalog.of(List.of(plugin("x.jar", "x", r -> r.types(NoRole.class)),
                plugin("y.jar", "y", r -> r.types(Convolution.class, Other.Convolution.class))));
        assertEquals("x.jar registers " + NoRole.class.getName()
                + ", which has no role; expected: a record that implements an interface marked @Role",
                c.plugins().get(0).failure().getMessage());
        assertEquals("y.jar registers two records as layer [y.Convolution]: " + Convolution.class.getName() + " and "
                + Other.Convolution.class.getName() + "; rename one", c.plugins().get(1).failure().getMessage());
    }

    @Test
    void nothingCanBeRegisteredLater() {
        AtomicReference<Registrar> kept = new AtomicReference<>();
        Catalog.of(List.of(plugin("late.jar", "late", kept::set)));
        assertEquals("late.jar registers something after its register() is over",
                assertThrows(IllegalStateException.class, () -> kept.get().format(new Magic("m", "m"))).getMessage());
    }

    @Test
    void kernelsOfOthersAreFoundByBackend() {
        Catalog c = Catalog.of(List.of(OWN, ACME));
        assertEquals(List.of(new ReluKernel()), c.kernels("cpu"));
        assertEquals(List.of(), c.kernels("cuda"));
    }

    @Test
    void aFormatIsFoundByContent(@TempDir Path folder) throws Exception {
        Catalog c = Catalog.of(List.of(plugin("io.jar", "", r -> {
            r.format(new Magic("aaa", "A"));
            r.format(new Magic("bbb", "B"));
        })));
        Path b = Files.writeString(folder.resolve("x.aaa"), "Bcd");
        assertEquals("bbb", c.formatOf(b).name());
        Path z = Files.writeString(folder.resolve("z"), "Zz");
        assertEquals(z + " has no known format: it has the first bytes 5a 7a; there are: aaa, bbb",
                assertThrows(DataException.class, () -> c.formatOf(z)).getMessage());
        Path empty = Files.createFile(folder.resolve("empty"));
        assertEquals(empty + " has no known format: it has no content; there are: aaa, bbb",
                assertThrows(DataException.class, () -> c.formatOf(empty)).getMessage());
        assertEquals(folder.resolve("none") + " does not exist", error(() -> c.formatOf(folder.resolve("none"))));
        assertEquals(folder + " is not a file", error(() -> c.formatOf(folder)));
    }
}

package org.mocha4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.function.Executable;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.config.Binder;
import org.mocha4j.runtime.config.ConfigWriter;
import org.mocha4j.runtime.config.NodeConfig;
import org.mocha4j.runtime.config.Yaml;
import org.mocha4j.runtime.train.ParameterFile;

/** All tests of one layer, on every backend that is there. */
final class LayerTests {
    private static final int[] ODD_BATCHES = {1, 3, 13};
    private static final int HIGHEST_RANK = 5;
    /** What the runtime says of a layer that threw something else than a {@link MochaException}. */
    private static final String CRASH = " failed: ";

    private final Installed installed;
    private final List<LayerCase> cases;

    LayerTests(Installed installed, List<LayerCase> cases) {
        this.installed = installed;
        this.cases = cases;
    }

    /** The same layer on bottoms of other sizes: odd batches, and images one row higher and two columns wider. */
    static List<LayerCase> sizes(Layer layer, List<Shape> bottoms) {
        List<List<Shape>> all = new ArrayList<>(List.of(bottoms));
        for (int n : ODD_BATCHES) {
            all.add(bottoms.stream().map(s -> s.rank() == 0 ? s : s.with(0, n)).toList());
        }
        all.add(bottoms.stream().map(s -> s.rank() < 4 ? s : s.with(2, s.dim(2) + 1).with(3, s.dim(3) + 2)).toList());
        return all.stream().distinct().map(shapes -> LayerCase.of(layer, IntStream.range(0, shapes.size())
                .mapToObj(i -> Values.distinct(i + 1, shapes.get(i).dims())).toArray(Array[]::new))).toList();
    }

    Stream<DynamicNode> all() {
        List<DynamicNode> all = new ArrayList<>();
        for (String backend : installed.backends()) {
            for (DataType type : Installed.TYPES) {
                all.add(dynamicContainer(backend + " " + Installed.word(type),
                        cases.stream().flatMap(c -> of(c, backend, type))));
            }
        }
        all.add(dynamicContainer("bottoms of each rank are taken, or refused with a message", ranks()));
        all.add(dynamicContainer("save and load", cases.stream().limit(1).flatMap(this::saving)));
        installed.unusable().forEach(u -> all.add(dynamicTest(u, () -> Assumptions.abort(u))));
        return all.stream();
    }

    private Stream<DynamicNode> of(LayerCase c, String backend, DataType type) {
        List<DynamicNode> tests = new ArrayList<>();
        for (Phase p : Phase.values()) {
            tests.add(dynamicTest("phase " + p + ": " + c, closing(backend, type, s -> {
                try (Session trusted = installed.open(installed.trusted(), type, 1)) {
                    new LayerCheck(s).values(c, p, trusted);
                }
            })));
        }
        if (type == DataType.FLOAT64) {
            tests.add(dynamicTest("gradients: " + c, closing(backend, type, s -> new LayerCheck(s).gradients(c))));
        }
        return tests.stream();
    }

    private interface Check {
        void in(Session s) throws Exception;
    }

    private Executable closing(String backend, DataType type, Check check) {
        return () -> {
            Session s = installed.open(backend, type, 1);
            try (s) {
                check.in(s);
            }
            assertEquals(0, s.liveBytes(), "bytes in use after close");
        };
    }

    /** A layer refuses with an exception that is meant for its user, whatever it is given. */
    private Stream<DynamicNode> ranks() {
        LayerCase first = cases.get(0);
        return IntStream.rangeClosed(0, HIGHEST_RANK).mapToObj(rank -> dynamicTest("rank " + rank,
                closing(installed.trusted(), DataType.FLOAT64, s -> {
                    Array[] bottoms = first.bottoms().stream().map(b -> Values.distinct(1, IntStream.range(0, rank)
                            .map(i -> 3).toArray())).toArray(Array[]::new);
                    LayerCase c = LayerCase.of(first.layer(), bottoms).tops(first.tops());
                    for (Phase p : Phase.values()) {
                        try (Net net = s.net("ranks", p, LayerCheck.nodes(c, false))) {
                            assertEquals(first.tops(), net.layers().get(bottoms.length).outputs().size(), "tops");
                        } catch (MochaException refused) {
                            if (refused.getMessage().contains(CRASH)) {
                                throw new AssertionError("phase " + p + ": " + refused.getMessage(), refused);
                            }
                        }
                    }
                })));
    }

    private Stream<DynamicNode> saving(LayerCase c) {
        List<DynamicNode> tests = new ArrayList<>();
        if (installed.catalog.origin(c.layer().getClass()).isPresent()) {
            tests.add(dynamicTest("the configuration comes back equal", () -> configuration(c.layer())));
        }
        for (Format format : installed.catalog.formats()) {
            for (DataType type : Installed.TYPES) {
                tests.add(dynamicTest("parameters and states in " + format.name() + ", " + Installed.word(type),
                        () -> parameters(c, format, type)));
            }
        }
        return tests.stream();
    }

    private void configuration(Layer layer) {
        NodeConfig saved = NodeConfig.of(new Node("layer", layer, null, null, null, null, null));
        String text = new ConfigWriter(installed.catalog).yaml(saved);
        NodeConfig loaded = new Binder(installed.catalog, Path.of("")).bind(NodeConfig.class, Yaml.parse("saved", text))
                .get();
        assertEquals(layer, loaded.layer(), text);
    }

    /** What one net has learned makes another, which started differently, compute the same bits. */
    private void parameters(LayerCase c, Format format, DataType type) throws IOException {
        Path folder = Files.createTempDirectory("layer-check");
        Path file = folder.resolve("parameters");
        try (Session first = installed.open(installed.trusted(), type, 1);
             Session other = installed.open(installed.trusted(), type, 2)) {
            List<Node> nodes = LayerCheck.nodes(c, false);
            Map<String, Array> tensors = new LinkedHashMap<>();
            List<Array> expected = LayerCheck.run(first, nodes, c.tops(), Phase.TEST, p -> p.names().forEach(n -> {
                tensors.put(n, changed(p.read(n)));
                p.write(n, tensors.get(n));
            }));
            format.write(file, new TensorFile(tensors, Map.of()));
            List<Array> found = LayerCheck.run(other, nodes, c.tops(), Phase.TEST, p -> ParameterFile.load(file,
                    installed.catalog, p, warning -> {
                        throw new AssertionError(warning);
                    }));
            Closeness.require(c + " with loaded parameters", found, expected, 0);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** Other values, as if they had been learned; above 0 where they were, as variances are. */
    private static Array changed(Array a) {
        HostTensor t = HostTensor.allocate(a.spec());
        a.copyTo(t);
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, t.get(i) * 1.25 + 0.01 * (i % 7 + 1));
        }
        return t.toArray();
    }
}

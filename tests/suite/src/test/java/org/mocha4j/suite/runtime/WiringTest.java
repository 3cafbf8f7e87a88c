package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mocha4j.suite.runtime.Rig.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;

/** How nets are wired from names: order, renaming in place, and what is said of nets that cannot be wired. */
class WiringTest {
    private final Session session = Rig.open("reference");

    @AfterEach
    void close() {
        session.close();
        assertEquals(0, session.liveBytes());
    }

    private static Layer times(double f) {
        return new Times(f);
    }

    private record Times(double f) implements Layer {
        @Override
        public List<org.mocha4j.api.Value> build(org.mocha4j.api.Graph g, List<org.mocha4j.api.Value> in) {
            return List.of(Ops.affine(g, in.get(0), f, 0));
        }
    }

    private static Layer sum() {
        return (g, in) -> List.of(Ops.add(g, in.get(0), in.get(1)));
    }

    private static Node x() {
        return Node.source("in", new MemoryData(1, Array.of(Shape.of(1, 1), 1.0)), "x");
    }

    private double value(List<Node> nodes, String blob) {
        try (Net net = session.net("n", Phase.TEST, nodes); Execution e = net.execution(blob)) {
            e.load(Rig.batch(net));
            e.run(0);
            return e.read(blob).get(0);
        }
    }

    private String message(List<Node> nodes) {
        NetOptions where = new NetOptions(n -> "net.yaml:" + (10 + nodes.indexOf(n)), Map.of());
        return assertThrows(ConfigurationException.class, () -> session.net("n", Phase.TRAIN, nodes, where))
                .getMessage();
    }

    @Test
    void theOrderWrittenDoesNotMatter() {
        List<Node> nodes = new ArrayList<>(List.of(x(), Node.of("a", times(2), "x", "a"),
                Node.of("b", times(3), "a", "b"),
                node("c", sum(), List.of("a", "b"), "c"), Node.of("d", times(5), "c", "d")));
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(nodes, new Random(i));
            assertEquals(40, value(nodes, "d"));
        }
    }

    @Test
    void aTopThatIsABottomRenamesTheBlobFromThereOn() {
        List<Node> nodes = List.of(x(), Node.of("first", times(2), "x", "before"), Node.of("r1", times(3), "x", "x"),
                Node.of("between", times(1), "x", "between"), Node.of("r2", times(5), "x", "x"),
                Node.of("r3", times(7), "x", "x"), Node.of("last", times(1), "x", "after"));
        assertEquals(2, value(nodes, "before"));
        assertEquals(3, value(nodes, "between"));
        assertEquals(105, value(nodes, "after"));
        assertEquals(105, value(nodes, "x"));
    }

    @Test
    void theLastVersionOfABlobIsAnEndOfTheNet() {
        List<Node> nodes = List.of(x(), Node.of("r1", times(3), "x", "x"));
        try (Net net = session.net("n", Phase.TEST, nodes); Execution e = net.execution()) {
            e.load(Rig.batch(net));
            e.run(0);
            assertEquals(3, e.read("x").get(0));
        }
    }

    @Test
    void aLayerWithoutTopsNamesItsOutputLikeItself() {
        assertEquals(6, value(List.of(x(), node("twice", times(2), List.of("x")), Node.of("b", times(3), "twice", "b")),
                "b"));
    }

    @Test
    void everythingWrongIsReportedAtOnceWithItsPlace() {
        assertEquals("""
                net.yaml:12: layer [u] reads blob [nowhere], which no layer of this phase writes; there are [b, b2, d, \
                p, q, r, \
                s, u, x]
                net.yaml:13: layer [c] writes blob [b], which layer [b] writes already; only a layer that also reads \
                it may
                net.yaml:14: layer [d] names the top [d] twice
                net.yaml:15: there are two layers named [b] in this phase; names are unique
                net.yaml:16: the layers [p], [q] form a cycle: each waits for a blob of another
                net.yaml:18: the layers [r], [s] form a cycle: each waits for a blob of another""",
                message(List.of(x(), Node.of("b", times(2), "x", "b"), Node.of("u", times(2), "nowhere", "u"),
                        Node.of("c", times(2), "x", "b"), node("d", (g, in) -> in, List.of("x", "x"), "d", "d"),
                        Node.of("b", times(3), "x", "b2"), Node.of("p", times(1), "q", "p"),
                        Node.of("q", times(1), "p", "q"),
                        Node.of("r", times(1), "s", "r"), node("s", sum(), List.of("r", "q"), "s"))));
    }

    @Test
    void problemsOfLayersNameInputsAndShapes() {
        assertEquals("""
                net.yaml:11: layer [a] (Times), inputs [x: float32[1, 1]]: it names 2 tops [a, a2] but gives 1
                net.yaml:12: layer [b] (Times), inputs [x: float32[1, 1]] failed: java.lang.IllegalStateException: oh
                net.yaml:13: layer [c] (Bad), inputs [x: float32[1, 1]]: add takes 1""",
                message(List.of(x(), node("a", times(2), List.of("x"), "a", "a2"),
                        Node.of("b", times(2), "x", "b").with((g, v) -> {
                            throw new IllegalStateException("oh");
                        }), Node.of("c", new Bad(), "x", "c"))));
    }

    private record Bad() implements Layer {
        @Override
        public List<org.mocha4j.api.Value> build(org.mocha4j.api.Graph g, List<org.mocha4j.api.Value> in) {
            throw new ConfigurationException("add takes 1");
        }
    }

    @Test
    void readingALayerThatGivesNothingIsAnError() {
        assertEquals("net.yaml:12: layer [b] reads blob [a], but layer [a] gives no such output; it gives []",
                message(List.of(x(), node("a", (g, in) -> List.of(), List.of("x")), Node.of("b", times(2), "a", "b"))));
    }

    @Test
    void aNodeThatIsListedTwiceIsAnError() {
        Node a = Node.of("a", times(2), "x", "a");
        assertEquals("net.yaml:11: there are two layers named [a] in this phase; names are unique",
                message(List.of(x(), a, a)));
    }

    @Test
    void aLayerThatOnlyReadsItselfHasNothingToRead() {
        assertEquals("net.yaml:11: layer [a] reads blob [a], which no layer of this phase writes; there are [x]",
                message(List.of(x(), Node.of("a", times(2), "a", "a"))));
    }

    @Test
    void gradientsOfAFanOutAddUp() {
        try (Session s = Rig.open("reference", DataType.FLOAT64, true)) {
            List<Node> nodes = List.of(x(), node("w", (g, in) ->
                    List.of(g.parameter("w", Shape.of(1, 1), Rig.param(3))),
                    List.of(), "w"), Node.of("a", times(2), "w", "a"), Node.of("b", times(5), "w", "b"),
                    node("c", (g, in) -> List.of(Ops.multiply(g, in.get(0), in.get(1))), List.of("w", "b"), "c"),
                    node("loss", (g, in) -> {
                        in.forEach(v -> g.loss(v, 1));
                        return List.of();
                    }, List.of("a", "b", "c", "w")));
            try (Net net = s.net("n", Phase.TRAIN, nodes);
                    var t = net.training(org.mocha4j.runtime.TrainingOptions.of(new org.mocha4j.solvers.SGD(0.0), 0))) {
                t.accumulate(Rig.batch(net), 0, 0);
                assertEquals(2 + 5 + 30 + 1, t.gradients().read("w___w___gradient").at(0));
                assertEquals(6 + 15 + 45 + 3, t.objective());
            }
        }
    }

    @Test
    void everyLayerThatHasTopsMayHaveANeuron() {
        Node in = Node.source("in", new MemoryData(1, Array.of(Shape.of(1, 1, 2, 2), -5.0, -2, -3, -4)), "x");
        assertEquals(0, value(List.of(in.with(new ReLU()), Node.of("y", times(3), "x", "y")), "y"));
        assertEquals(0, value(List.of(in, Node.of("pool", new Pooling(Window.of(2, 2)), "x", "y").with(new ReLU())),
                "y"));
        assertEquals(-2, value(List.of(in, Node.of("pool", new Pooling(Window.of(2, 2)), "x", "y")), "y"));
    }
}

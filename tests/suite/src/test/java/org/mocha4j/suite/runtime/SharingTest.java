package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Whose parameters are whose, and how long memory lives. */
class SharingTest {
    private static Node in() {
        return Node.source("data", new MemoryData(2, Array.of(Shape.of(2, 3), 1.0, 2, 3, 4, 5, 6),
                Array.of(Shape.of(2), 0.0, 1)), "data", "label");
    }

    @Test
    void aNodeInTwoNetsHasOneParameterAndEqualRecordsHaveTwo() {
        Node a = Node.of("a", new InnerProduct(4), "data", "a");
        Node same = Node.of("a", new InnerProduct(4), "data", "a");
        try (Session s = Rig.open("reference"); Net train = s.net("train", Phase.TRAIN, List.of(in(), a));
                Net test = s.net("test", Phase.TEST, List.of(in(), a));
                Net other = s.net("other", Phase.TEST, List.of(in(), same))) {
            train.parameters().write("a___bias", Array.of(Shape.of(4), 1.0, 2, 3, 4));
            assertEquals(3, test.parameters().read("a___bias").at(2));
            assertEquals(0, other.parameters().read("a___bias").at(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void anInitializerRunsAgainWithTheSameBitsAlsoOfParametersInUse(String backend) {
        Node a = Node.of("a", new InnerProduct(4), "data", "a");
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, List.of(a),
                NetOptions.fed(Map.of("data", Shape.of(1, 3))))) {
            Array first = net.parameters().read("a___weight");
            Array other = Array.filled(first.spec(), 7);
            net.parameters().write("a___weight", other);
            net.parameters().initialize("a___weight");           // before there is memory on the device
            assertEquals(first, net.parameters().read("a___weight"));
            try (Execution e = net.inference(Map.of("data", Shape.of(1, 3)), List.of("a"))) {
                e.set("data", Array.of(Shape.of(1, 3), 1f, 0, 0));
                e.run(0);
                net.parameters().write("a___weight", other);
                e.run(0);
                assertEquals(7, e.read("a").get(2));
                net.parameters().initialize("a___weight");
                assertEquals(first, net.parameters().read("a___weight"));
                e.run(0);
                assertEquals(first.at(6), e.read("a").get(2));
            }
        }
    }

    @Test
    void twoEqualLayersInOneNetDoNotMerge() {
        try (Session s = Rig.open("reference"); Net net = s.net("n", Phase.TRAIN, List.of(in(),
                Node.of("a", new InnerProduct(4), "data", "a"), Node.of("b", new InnerProduct(4), "data", "b")))) {
            assertEquals(List.of("a___weight", "a___bias", "b___weight", "b___bias"), net.parameters().names());
            assertNotEquals(net.parameters().read("a___weight"), net.parameters().read("b___weight"));
        }
    }

    @Test
    void aKeySharesAndGivesTheName() {
        try (Session s = Rig.open("reference"); Net net = s.net("n", Phase.TRAIN, List.of(in(),
                Rig.keyed("a", new InnerProduct(3), "data", "a", "k"),
                Rig.keyed("b", new InnerProduct(3), "a", "b", "k")))) {
            assertEquals(List.of("k___weight", "k___bias"), net.parameters().names());
        }
    }

    @Test
    void sharedParametersGetTheSumOfTheirGradients() {
        Node data = in();
        List<Node> shared = List.of(data, Rig.keyed("a", new InnerProduct(2), "data", "a", "k"),
                Rig.keyed("b", new InnerProduct(2), "data", "b", "k"), Node.sink("la", new SoftmaxLoss(), "a", "label"),
                Node.sink("lb", new SoftmaxLoss(1, 2.0), "b", "label"));
        List<Node> single = List.of(data, Rig.keyed("a", new InnerProduct(2), "data", "a", "k"),
                Node.sink("la", new SoftmaxLoss(1, 3.0), "a", "label"));
        try (Session s = Rig.open("reference", org.mocha4j.api.DataType.FLOAT64, true);
                Net one = s.net("one", Phase.TRAIN, single); Net two = s.net("two", Phase.TRAIN, shared);
                Training t1 = one.training(TrainingOptions.of(new SGD(0.0), 1));
                Training t2 = two.training(TrainingOptions.of(new SGD(0.0), 1))) {
            t1.accumulate(Rig.batch(one), 0, 0);
            t2.accumulate(Rig.batch(two), 0, 0);
            Array g1 = t1.gradients().read("k___weight___gradient");
            Array g2 = t2.gradients().read("k___weight___gradient");
            for (int i = 0; i < g1.elements(); i++) {
                assertEquals(g1.at(i), g2.at(i), 1e-12);
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        try (Session s = Rig.open("reference")) {
            assertEquals("net [n]: layer [b] (InnerProduct), inputs [a: float32[2, 5]]: parameter"
                    + " [k___weight] is float32[5, 3] where it was made; here it would be float32[4, 5]",
                    assertThrows(ConfigurationException.class, () -> s.net("n", Phase.TRAIN, List.of(in(),
                            Rig.keyed("a", new InnerProduct(5), "data", "a", "k"),
                            Rig.keyed("b", new InnerProduct(4), "a", "b", "k")))).getMessage());
            assertEquals(0, s.liveBytes());
        }
    }

    @Test
    void aKeyThatIsAnotherLayersNameIsAnError() {
        try (Session s = Rig.open("reference")) {
            assertEquals("net [n]: layer [b] (InnerProduct), inputs [data: float32[2, 3]]: there is another"
                    + " parameter [a___weight] in this net: the paramKey of a layer is the name of another; choose "
                            + "another"
                    + " key, or set it on both to share",
                    assertThrows(ConfigurationException.class, () -> s.net("n", Phase.TRAIN, List.of(in(),
                            Node.of("a", new InnerProduct(4), "data", "a"),
                            Rig.keyed("b", new InnerProduct(4), "data", "b", "a")))).getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void parametersLiveAsLongAsTheLastNetThatHasThem(String backend) {
        Node a = Node.of("a", new InnerProduct(4), "data", "a");
        Session s = Rig.open(backend);
        Net first = s.net("first", Phase.TEST, List.of(in(), a));
        Net second = s.net("second", Phase.TEST, List.of(in(), a));
        first.execution();
        first.parameters().write("a___bias", Array.of(Shape.of(4), 1.0, 2, 3, 4));
        first.close();
        assertEquals(2, second.parameters().read("a___bias").at(1));
        assertEquals((4 * 3 + 4) * 4, s.liveBytes());
        second.close();
        assertEquals(0, s.liveBytes());
        try (Net third = s.net("third", Phase.TEST, List.of(in(), a))) {
            assertEquals(0, third.parameters().read("a___bias").at(1));
        }
        s.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void manyNetsLeaveNothingBehind(String backend) {
        try (Session s = Rig.open(backend)) {
            List<Node> nodes = Rig.lenet(3);
            Net kept = s.net("kept", Phase.TRAIN, nodes);
            Training t = kept.training(TrainingOptions.of(new SGD(0.9), 0.1));
            t.accumulate(Rig.batch(kept), 0, 0);
            long live = s.liveBytes();
            for (int i = 0; i < 200; i++) {
                try (Net net = s.net("n", Phase.TEST, i % 2 == 0 ? nodes : Rig.lenet(3))) {
                    var e = net.execution();
                    e.load(Rig.batch(net));
                    e.run(0);
                    if (i % 3 == 0) {
                        e.close();
                    }
                }
                assertEquals(live, s.liveBytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "odd"})
    void whatFailsToOpenLeavesNothingBehind(String backend) {
        Session s = Rig.open(backend);
        Node sink = Rig.node("out", (g, in) -> {
            g.sink(new Refusing(), in.get(0));
            return List.of();
        }, List.of("a"));
        Net net = s.net("n", Phase.TEST, List.of(in(), Node.of("a", new InnerProduct(4), "data", "a"), sink));
        assertThrows(DeviceException.class, net::execution);
        assertEquals((4 * 3 + 4) * 4, s.liveBytes());
        assertEquals("net [n] has no blob [z]; it has [data, label, a]", assertThrows(ConfigurationException.class,
                () -> net.inference(Map.of("data", Shape.of(1, 3)), List.of("z"))).getMessage());
        s.close();
        assertEquals(0, s.liveBytes());
    }

    private record Refusing() implements Sink {
        @Override
        public Writer open(Context c) {
            throw new DeviceException("no");
        }
    }
}

package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Frozen layers pass gradients down and get no update, whenever freezing happens. */
class FreezeTest {
    private static TrainingOptions options(String... frozen) {
        return new TrainingOptions(new SGD(0.9), 0.01, Policy.of(0.1), List.of(), 1, Set.of(frozen), false);
    }

    private static void steps(Training t, List<List<HostTensor>> batch, int from, int to) {
        for (int i = from; i < to; i++) {
            t.accumulate(batch, i, 0);
            t.apply(i);
        }
    }

    private static Map<String, Array> of(String layer, Map<String, Array> all) {
        Map<String, Array> own = new LinkedHashMap<>(all);
        own.keySet().removeIf(n -> !n.startsWith(layer + "___"));
        return own;
    }

    private static Map<String, Array> state(Net net, Training t) {
        Map<String, Array> all = Rig.all(net.parameters());
        all.putAll(Rig.all(t.slots()));
        return all;
    }

    /** A fault of Mocha: a layer frozen in mid-training went on with the gradient that it had last. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void freezingThatKeepsApplyingAStaleGradient(String backend) {
        try (Session s = Rig.open(backend, DataType.FLOAT64, true); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                Training t = net.training(options())) {
            List<List<HostTensor>> batch = Rig.batch(net);
            steps(t, batch, 0, 3);
            t.freeze(Set.of("conv2"));
            Map<String, Array> before = state(net, t);
            assertNotEquals(0, before.get("conv2___filter___momentum").at(0), "there is momentum to go on with");
            steps(t, batch, 3, 6);
            Map<String, Array> after = state(net, t);
            assertEquals(of("conv2", before), of("conv2", after));
            for (String l : List.of("conv", "ip1", "ip2")) {
                of(l, before).forEach((n, a) -> assertNotEquals(a, after.get(n), n + " goes on"));
            }
            assertFalse(t.gradients().names().contains("conv2___filter___gradient"));
            t.freeze(Set.of());
            steps(t, batch, 6, 7);
            of("conv2", after).forEach((n, a) -> assertNotEquals(a, net.parameters().names().contains(n)
                    ? net.parameters().read(n) : t.slots().read(n), n + " learns again"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void gradientsPassThroughAFrozenLayer(String backend) {
        try (Session s = Rig.open(backend, DataType.FLOAT64, true); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                Training all = net.training(options()); Training part = net.training(options("conv2", "ip2"))) {
            List<List<HostTensor>> batch = Rig.batch(net);
            all.accumulate(batch, 0, 0);
            part.accumulate(batch, 0, 0);
            assertEquals(Set.of("conv___filter___gradient", "conv___bias___gradient", "ip1___weight___gradient",
                    "ip1___bias___gradient"), Set.copyOf(part.gradients().names()));
            for (String n : part.gradients().names()) {
                assertEquals(all.gradients().read(n), part.gradients().read(n), n);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void freezingInMidTrainingIsLikeFreezingFromThere(String backend) {
        Map<String, Array> expected;
        Map<String, Array> middle;
        try (Session s = Rig.open(backend, DataType.FLOAT64, true); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                Training t = net.training(options())) {
            steps(t, Rig.batch(net), 0, 3);
            middle = state(net, t);
            t.freeze(Set.of("ip1"));
            steps(t, Rig.batch(net), 3, 6);
            expected = state(net, t);
        }
        try (Session s = Rig.open(backend, DataType.FLOAT64, true)) {
            try (Net net = s.net("n", Phase.TRAIN, Rig.lenet(6)); Training t = net.training(options("ip1"))) {
                net.parameters().names().forEach(n -> net.parameters().write(n, middle.get(n)));
                t.slots().names().forEach(n -> t.slots().write(n, middle.get(n)));
                steps(t, Rig.batch(net), 3, 6);
                assertEquals(expected, state(net, t));
            }
            assertEquals(0, s.liveBytes());
        }
    }

    @Test
    void whatNobodyNeedsIsNotComputed() {
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                Training t = net.training(options())) {
            long before = backward(t, "conv");
            t.freeze(Set.of("conv", "conv2"));
            assertTrue(before > 0);
            assertEquals(0, backward(t, "conv") + backward(t, "conv2"), () -> t.explain().toString());
            t.freeze(Set.of());
            assertEquals(before, backward(t, "conv"));
        }
    }

    private static long backward(Training t, String layer) {
        return t.explain().get("accumulate").stream().filter(i -> layer.equals(i.layer())
                && i.direction() == StepInfo.Direction.BACKWARD).count();
    }

    @Test
    void slotsAreThereWhetherFrozenOrNot() {
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                Training all = net.training(options());
                Training none = net.training(options("conv", "conv2", "ip1", "ip2"))) {
            assertEquals(Set.copyOf(all.slots().names()), Set.copyOf(none.slots().names()));
            Map<String, Array> before = state(net, none);
            steps(none, Rig.batch(net), 0, 2);
            assertEquals(before, state(net, none), "a net may be frozen altogether");
            assertTrue(none.objective() > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theStatesOfAFrozenLayerStayToo(String backend) {
        List<Node> nodes = List.of(Rig.data(6, 3, 4, 4, 4), Node.of("norm", new BatchNorm(), "data").with(new ReLU()),
                Node.of("ip", new InnerProduct(4), "norm"), Node.sink("loss", new SoftmaxLoss(), "ip", "label"));
        try (Session s = Rig.open(backend, DataType.FLOAT64, true); Net net = s.net("n", Phase.TRAIN, nodes);
                Training t = net.training(options())) {
            steps(t, Rig.batch(net), 0, 2);
            t.freeze(Set.of("norm"));
            Map<String, Array> before = of("norm", Rig.all(net.parameters()));
            assertTrue(before.containsKey("norm___mean"));
            steps(t, Rig.batch(net), 2, 4);
            assertEquals(before, of("norm", Rig.all(net.parameters())));
        }
    }

    @Test
    void aParameterThatAFrozenLayerSharesIsFrozenForAll() {
        List<Node> nodes = List.of(Rig.data(6, 1, 2, 2, 4), Rig.keyed("a", new InnerProduct(4), "data", "a", "shared"),
                Rig.keyed("b", new InnerProduct(4), "a", "b", "shared"), Node.of("c", new InnerProduct(4), "b"),
                Node.sink("loss", new SoftmaxLoss(), "c", "label"));
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TRAIN, nodes);
                Training t = net.training(options("b"))) {
            Map<String, Array> before = Rig.all(net.parameters());
            steps(t, Rig.batch(net), 0, 2);
            assertEquals(of("shared", before), of("shared", Rig.all(net.parameters())));
            assertNotEquals(before.get("c___weight"), net.parameters().read("c___weight"));
        }
    }

    @Test
    void wrongNamesAndTimesAreErrors() {
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                Training t = net.training(options())) {
            String text = "there is no layer [pool] with parameters to freeze in net [n]; there are [conv, conv2, ip1, "
                    + "ip2]";
            assertEquals(text, assertThrows(ConfigurationException.class, () -> t.freeze(Set.of("pool"))).getMessage());
            assertEquals(text, assertThrows(ConfigurationException.class, () -> net.training(options("pool")))
                    .getMessage());
            t.accumulate(Rig.batch(net), 0, 0);
            assertEquals("net [n]: layers are frozen between two iterations, but the last one is not applied yet",
                    assertThrows(ConfigurationException.class, () -> t.freeze(Set.of("conv"))).getMessage());
            t.apply(0);
            t.freeze(Set.of("conv"));
            assertEquals(Set.of("conv"), t.frozen());
        }
    }
}

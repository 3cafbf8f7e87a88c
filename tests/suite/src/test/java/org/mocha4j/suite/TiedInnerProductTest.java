package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.SquareLoss;
import org.mocha4j.layers.TiedInnerProduct;
import org.mocha4j.neurons.Sigmoid;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Values;

/** An auto-encoder whose decoder has the encoder's weights. */
class TiedInnerProductTest {
    private static List<Node> autoencoder(Node decoder) {
        return List.of(Node.source("x", new ComputationRulesTest.Fixed(Values.distinct(1, 4, 6)), "x"),
                Node.of("encode", new InnerProduct(3), "x").with(new Sigmoid()), decoder,
                Node.sink("loss", new SquareLoss(), decoder.name(), "x"));
    }

    private static Node decoder(String tiedTo) {
        return Node.of("decode", new TiedInnerProduct(tiedTo), "encode");
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#twofold")
    void theGradientOfTheWeightsIsThatOfBothUses(Setup b) {
        try (Session s = b.open(); Net net = s.net("ae", Phase.TRAIN, autoencoder(decoder("encode")));
                Training t = net.training(TrainingOptions.of(new SGD(0.0), 0))) {
            assertEquals(List.of("encode___weight", "encode___bias", "decode___bias"), net.trained());
            assertEquals(List.of(21L, 6L), net.layers().subList(1, 3).stream().map(Net.LayerInfo::parameters).toList());
            t.accumulate(List.of(), 0, 0);
            Map<String, Array> found = new java.util.HashMap<>();
            net.trained().forEach(n -> found.put(n, t.gradients().read(n + "___gradient")));
            for (String name : net.trained()) {
                Array d = found.get(name);
                Array at = net.parameters().read(name);
                for (int i = 0; i < at.elements(); i++) {
                    double numeric = (objective(net, t, name, at, i, 1e-5) - objective(net, t, name, at, i,
                            -1e-5)) / 2e-5;
                    assertEquals(numeric, d.at(i), 1e-6 * Math.max(1, Math.abs(numeric)), name + " " + i);
                }
                net.parameters().write(name, at);
            }
        }
    }

    private static double objective(Net net, Training t, String name, Array at, int i, double step) {
        HostTensor moved = HostTensor.allocate(at.spec());
        at.copyTo(moved);
        moved.set(i, at.at(i) + step);
        net.parameters().write(name, moved.toArray());
        t.accumulate(List.of(), 0, 0);
        return t.objective();
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#all")
    void trainingMovesOneTensorAndTheReconstructionGetsBetter(Setup b) {
        try (Session s = b.open(); Net net = s.net("ae", Phase.TRAIN, autoencoder(decoder("encode")));
                Training t = net.training(TrainingOptions.of(new SGD(0.0), 0.1))) {
            double first = 0;
            for (int i = 0; i < 60; i++) {
                t.accumulate(List.of(), i, 0);
                first = i == 0 ? t.objective() : first;
                t.apply(i);
            }
            assertEquals(true, t.objective() < 0.7 * first, first + " to " + t.objective());
        }
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#single")
    void theDecoderAloneFindsTheWeights(Setup b) {
        try (Session s = b.open(); Net net = s.net("ae", Phase.TEST, autoencoder(decoder("encode")));
                Execution e = net.inference(Map.of("encode", Shape.of(2, 3)), List.of("decode"))) {
            e.set("encode", Array.of(Shape.of(2, 3), 0.0, 1, 0, 0, 0, 0).as(b.type()));
            e.run(0);
            Array w = net.parameters().read("encode___weight");
            for (int i = 0; i < 6; i++) {
                assertEquals(w.at(6 + i), e.read("decode").toArray().at(i), 1e-6);
            }
        }
    }

    @Test
    void aParameterKeyIsANameToo() {
        List<Node> nodes = new ArrayList<>(autoencoder(decoder("shared")));
        nodes.set(1, new Node("encode", new InnerProduct(3), List.of("x"), List.of("encode"), null, null, "shared"));
        try (Session s = Backends.backends().get(0).open(); Net net = s.net("ae", Phase.TRAIN, nodes)) {
            assertEquals(List.of("shared___weight", "shared___bias", "decode___bias"), net.trained());
        }
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        String there = "there is no parameter [%s___weight] before it; there are [encode___weight, encode___bias]: name"
                + " a layer, or the paramKey of one, that is computed before";
        refuses("net [ae]: layer [decode] (TiedInnerProduct), inputs [encode: float32[4, 3]]: "
                + String.format(there, "encoder"), autoencoder(decoder("encoder")));
        List<Node> late = new ArrayList<>(autoencoder(decoder("later")));
        late.add(Node.of("later", new InnerProduct(6), "decode", "later"));
        refuses("net [ae]: layer [decode] (TiedInnerProduct), inputs [encode: float32[4, 3]]: "
                + String.format(there, "later"), late.subList(0, 3));
        List<Node> wrong = new ArrayList<>(autoencoder(Node.of("decode", new TiedInnerProduct("encode"), "x")));
        refuses("net [ae]: layer [decode] (TiedInnerProduct), inputs [x: float32[4, 6]]: TiedInnerProduct: [4, 6] has 6"
                + " features from axis 1 on; [encode] has 3 outputs", wrong.subList(0, 3));
    }

    private static void refuses(String text, List<Node> nodes) {
        try (Session s = Backends.backends().get(0).open()) {
            assertEquals(text, assertThrows(ConfigurationException.class, () -> s.net("ae", Phase.TRAIN, nodes))
                    .getMessage());
            assertEquals(0, s.liveBytes());
        }
    }
}

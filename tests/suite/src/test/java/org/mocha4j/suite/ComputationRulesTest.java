package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.layers.Argmax;
import org.mocha4j.layers.ChannelPooling;
import org.mocha4j.layers.Crop;
import org.mocha4j.layers.ElementWise;
import org.mocha4j.layers.Margin;
import org.mocha4j.layers.Power;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;

/** The rules of layers that compute, each by name, on every backend and in both types. */
class ComputationRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";
    private static final double NAN = Double.NaN;

    /** A tensor that does not change. */
    record Fixed(Array value) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return List.of(g.constant(value.as(g.type())));
        }
    }

    private static Array array(Setup b, Shape shape, double... v) {
        return Array.of(shape, v).as(b.type());
    }

    private static Array row(Setup b, double... v) {
        return array(b, Shape.of(1, v.length), v);
    }

    private static Array forward(Session s, Layer layer, Array... x) {
        return s.evaluate(List.of(x), (g, in) -> layer.build(g, in)).get(0);
    }

    private static Array gradient(Session s, Layer layer, Array x, Array dy) {
        return s.gradients(List.of(x), List.of(dy), (g, in) -> layer.build(g, in)).get(0);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theFirstMaximumWins(Setup b) {
        try (Session s = b.open()) {
            Array x = array(b, Shape.of(3, 4), 1, 7, 7, 2, 3, 3, 3, 3, 0, NAN, 9, NAN);
            Closeness.require("arg max", forward(s, new Argmax(), x), array(b, Shape.of(3, 1), 1, 0, 1), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void argmaxPassesNoGradientOn(Setup b) {
        try (Session s = b.open()) {
            assertEquals(null, gradient(s, new Argmax(), row(b, 1, 7, 3), array(b, Shape.of(1, 1), 1)));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void thePowersGradientIsFiniteAtZero(Setup b) {
        try (Session s = b.open()) {
            for (double p : new double[] {0.5, 0.75, 1, 2, 3}) {
                double expected = p == 1 ? 2 : 0;
                assertEquals(expected, gradient(s, new Power(p, 2.0, 0.0), row(b, 0, 1), row(b, 1, 1)).at(0), "power "
                        + p);
                assertEquals(expected, gradient(s, new Power(p, 2.0, -4.0), row(b, 2, 3), row(b, 1, 1)).at(0), "power "
                        + p);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aPowerOfZeroIsOneAndOfANegativeBaseNaN(Setup b) {
        try (Session s = b.open()) {
            Closeness.require("power 0", forward(s, new Power(0.0, 1.0, 0.0), row(b, -2, 0, 5)), row(b, 1, 1, 1), 0);
            Closeness.require("power ½", forward(s, new Power(0.5, 1.0, 0.0), row(b, -2, 0, 4)), row(b, NAN, 0, 2),
                    1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aDivisionByZeroIsInfinite(Setup b) {
        try (Session s = b.open()) {
            Closeness.require("division", forward(s, new ElementWise(ElementWise.Operation.DIVIDE), row(b, 1, -1, 0),
                    row(b, 0, 0, 0)), row(b, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, NAN), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void inChannelPoolingPaddingNeverWinsAndTiesGoToTheFirstChannel(Setup b) {
        try (Session s = b.open()) {
            for (Margin pad : List.of(new Margin(1, 1), new Margin(1, 0), new Margin(0, 1), new Margin(2, 1))) {
                Array y = forward(s, new ChannelPooling(3, 3, pad, Kind.MAX, null), row(b, -5, -4, -4, -9, -9));
                IntStream.range(0, y.elements()).forEach(i -> assertTrue(y.at(i) < 0, pad + ": " + y.at(i)));
            }
            ChannelPooling p = new ChannelPooling(3, 2, new Margin(0, 1), Kind.MAX, null);
            Array x = row(b, -4, -5, -4, -9, -9, -9);
            Closeness.require("max", forward(s, p, x), row(b, -4, -4, -9), 0);
            Closeness.require("gradient", gradient(s, p, x, row(b, 1, 2, 4)), row(b, 1, 0, 2, 0, 4, 0), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void inChannelPoolingNaNNeverWinsUnlessThereIsNothingElse(Setup b) {
        ChannelPooling p = new ChannelPooling(2, 2, new Margin(1, 0), Kind.MAX, null);
        try (Session s = b.open()) {
            Array x = row(b, NAN, NAN, 3, NAN, NAN);
            Closeness.require("max", forward(s, p, x), row(b, NAN, 3, NAN), 0);
            Closeness.require("gradient", gradient(s, p, x, row(b, 1, 2, 4)), row(b, 1, 0, 2, 4, 0), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aMeanOfChannelsIsAlwaysDividedByTheKernel(Setup b) {
        try (Session s = b.open()) {
            Array x = row(b, 6, 6, 6, 6);
            Closeness.require("rounded up", forward(s, new ChannelPooling(3, 2, Kind.MEAN), x), row(b, 6, 4), 1e-6);
            Closeness.require("padded", forward(s, new ChannelPooling(3, 2, new Margin(2, 1), Kind.MEAN, null), x),
                    row(b, 2, 6, 4), 1e-6);
        }
    }

    /** 8 × 9 images whose elements tell where they are from: sample · 100 + row · 10 + column. */
    private static Array positions(Setup b, int samples) {
        HostTensor t = HostTensor.allocate(new Spec(b.type(), Shape.of(samples, 1, 8, 9)));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, i / 72 * 100 + i % 72 / 9 * 10 + i % 9);
        }
        return t.toArray();
    }

    /** What crops of a batch give in a step. */
    private static List<Array> crops(Session s, Phase phase, Crop crop, long step, Array... images) {
        List<Node> nodes = new java.util.ArrayList<>();
        List<String> bottoms = IntStream.range(0, images.length).mapToObj(i -> "image" + i).toList();
        List<String> tops = IntStream.range(0, images.length).mapToObj(i -> "box" + i).toList();
        bottoms.forEach(n -> nodes.add(Node.source(n, new Fixed(images[bottoms.indexOf(n)]), n)));
        nodes.add(new Node("crop", crop, bottoms, tops, null, null, null));
        try (Net net = s.net("crops", phase, nodes); Execution e = net.execution(tops.toArray(String[]::new))) {
            e.run(step);
            return tops.stream().map(n -> e.read(n).toArray()).toList();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theCentreIsHalfTheDifferenceRoundedDown(Setup b) {
        try (Session s = b.open()) {
            Closeness.require("centre", forward(s, new Crop(new Size(2, 1)), positions(b, 1)),
                    array(b, Shape.of(1, 1, 1, 2), 33, 34), 0);
            Closeness.require("nothing to cut", forward(s, new Crop(new Size(9, 8)), positions(b, 2)), positions(b, 2),
                    0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void cropsAreDrawnPerSampleAndStepReachEveryPlaceAndStayInTheImage(Setup b) {
        try (Session s = b.open()) {
            Set<Double> corners = new HashSet<>();
            Set<List<Double>> batches = new HashSet<>();
            for (long step = 0; step < 40; step++) {
                Array y = crops(s, Phase.TRAIN, new Crop(new Size(7, 6), true, false), step, positions(b, 8)).get(0);
                List<Double> batch = IntStream.range(0, 8).mapToObj(n -> y.at(n * 42) - n * 100).toList();
                for (int i = 0; i < y.elements(); i++) {
                    assertEquals(i / 42 * 100 + batch.get(i / 42) + i % 42 / 7 * 10 + i % 7, y.at(i), "element " + i);
                }
                corners.addAll(batch);
                batches.add(batch);
                assertTrue(new HashSet<>(batch).size() > 1, "the boxes of step " + step + " are all " + batch);
            }
            assertEquals(Set.of(0.0, 1.0, 2.0, 10.0, 11.0, 12.0, 20.0, 21.0, 22.0), corners);
            assertTrue(batches.size() > 35, batches.size() + " different batches of 40");
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aMirrorTurnsAboutHalfOfTheSamplesFromLeftToRight(Setup b) {
        try (Session s = b.open()) {
            int turned = 0;
            for (long step = 0; step < 20; step++) {
                Array y = crops(s, Phase.TRAIN, new Crop(new Size(7, 6), false, true), step, positions(b, 8)).get(0);
                for (int i = 0; i < y.elements(); i++) {
                    boolean mirrored = y.at(i / 42 * 42) > y.at(i / 42 * 42 + 1);
                    int column = 1 + (mirrored ? 6 - i % 7 : i % 7);
                    assertEquals(i / 42 * 100 + 10 + i % 42 / 7 * 10 + column, y.at(i), "element " + i);
                    turned += mirrored && i % 42 == 0 ? 1 : 0;
                }
            }
            assertTrue(turned > 55 && turned < 105, turned + " of 160 are mirrored");
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void allBottomsOfASampleAreCutAtTheSamePlace(Setup b) {
        try (Session s = b.open()) {
            List<Array> y = crops(s, Phase.TRAIN, new Crop(new Size(3, 2), true, true), 3, positions(b, 8),
                    positions(b, 8));
            assertEquals(y.get(0), y.get(1));
        }
    }

    /** As the guide has it: what the layer's attributes say holds in every net it stands in. */
    @ParameterizedTest
    @MethodSource(ALL)
    void aCropThatDrawsDrawsInTheTestPhaseToo(Setup b) {
        try (Session s = b.open()) {
            Crop crop = new Crop(new Size(3, 2), true, true);
            assertEquals(crops(s, Phase.TRAIN, crop, 5, positions(b, 8)),
                    crops(s, Phase.TEST, crop, 5, positions(b, 8)));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aCropKeepsNaNAndInfinityWhereTheyAre(Setup b) {
        try (Session s = b.open()) {
            Array x = array(b, Shape.of(1, 1, 1, 3), NAN, 5, Double.POSITIVE_INFINITY);
            Array y = s.evaluate(List.of(x, array(b, Shape.of(1, 1), 0.4)), (g, in) -> GivenGraph.build(g,
                    new Crop(new Size(1, 1), true, null), Map.of("x", in.get(0), "ux", in.get(1)), "x")).get(0);
            assertEquals(5, y.at(0));
        }
    }
}

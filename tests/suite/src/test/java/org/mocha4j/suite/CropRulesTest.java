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
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.layers.Crop;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;

/** Where crops lie, by name, on every backend and in both types. */
class CropRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static Array array(Setup b, Shape shape, double... v) {
        return Array.of(shape, v).as(b.type());
    }

    private static Array forward(Session s, Crop crop, Array x) {
        return s.evaluate(List.of(x), (g, in) -> crop.build(g, in)).get(0);
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
        bottoms.forEach(n -> nodes.add(Node.source(n, new ComputationRulesTest.Fixed(images[bottoms.indexOf(n)]), n)));
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
            Array x = array(b, Shape.of(1, 1, 1, 3), Double.NaN, 5, Double.POSITIVE_INFINITY);
            Array y = s.evaluate(List.of(x, array(b, Shape.of(1, 1), 0.4)), (g, in) -> GivenGraph.build(g,
                    new Crop(new Size(1, 1), true, null), Map.of("x", in.get(0), "ux", in.get(1)), "x")).get(0);
            assertEquals(5, y.at(0));
        }
    }
}

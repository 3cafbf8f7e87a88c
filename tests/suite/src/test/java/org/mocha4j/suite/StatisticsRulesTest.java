package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.BinaryAccuracy;
import org.mocha4j.layers.HingeLoss;
import org.mocha4j.layers.SquareLoss;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;

/** What statistics count and how their figures are called, on every backend and in both types. */
class StatisticsRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static Array rows(Setup b, int n, double... v) {
        return Array.of(Shape.of(n, v.length / n), v).as(b.type());
    }

    /** Three samples, then the first two of the same batch. */
    @ParameterizedTest
    @MethodSource(ALL)
    void statisticsAreKeyedByLayerAndCountEachValidSampleOnce(Setup b) {
        List<Node> nodes = new ArrayList<>();
        List<String> in = List.of("p", "t");
        nodes.add(new Node("mse", new SquareLoss(5.0), in, null, null, null, null));
        nodes.add(new Node("svm", new HingeLoss(5.0), in, null, null, null, null));
        nodes.add(new Node("signs", new BinaryAccuracy(null, true), in, null, null, null, null));
        nodes.add(new Node("classes", new Accuracy(null, true), List.of("p", "label"), null, null, null, null));
        NetOptions fed = NetOptions.fed(Map.of("p", Shape.of(3, 2), "t", Shape.of(3, 2), "label", Shape.of(3)));
        try (Session s = b.open(); Net net = s.net("n", Phase.TEST, nodes, fed); Execution e = net.execution()) {
            e.set("p", rows(b, 3, 1, 2, -1, 0.5, 3, -2));
            e.set("t", rows(b, 3, 1, 1, -1, -1, -1, 1));
            e.set("label", Array.of(Shape.of(3), 1.0, 0, 1).as(b.type()));
            e.run(0);
            e.valid(2);
            e.run(1);
            List<String> keys = e.measurements().stream().map(Execution.Measured::key).toList();
            assertEquals(List.of("mse-square-loss", "svm-hinge-loss", "signs-accuracy", "signs-error",
                    "classes-accuracy",
                    "classes-error"), keys);
            double[] square = {0.5, 1.125, 8 + 4.5};
            double[] hinge = {0, 1.5, 4 + 3};
            assertEquals((2 * square[0] + 2 * square[1] + square[2]) / 5, value(e, 0), 1e-6);
            assertEquals((2 * hinge[0] + 2 * hinge[1] + hinge[2]) / 5, value(e, 1), 1e-6);
            assertEquals((2 * 2 + 2 * 1) / 10.0, value(e, 2), 1e-9);
            assertEquals(1 - 0.6, value(e, 3), 1e-9);
            assertEquals(2 / 5.0, value(e, 4), 1e-9);
            assertEquals(3 / 5.0, value(e, 5), 1e-9);
        }
    }

    private static double value(Execution e, int i) {
        return e.measurements().get(i).measurement().value();
    }

    /** Two places per sample; ties are the first class's. */
    @ParameterizedTest
    @MethodSource(ALL)
    void accuracyCountsAllPlacesAndTheFirstMaximumWins(Setup b) {
        Array x = Array.of(Shape.of(2, 2, 1, 2), 3.0, 1, 3, 2, 5, 5, 5, 5).as(b.type());
        Array label = Array.of(Shape.of(2, 1, 1, 2), 0.0, 1, 0, 1).as(b.type());
        try (Session s = b.open()) {
            for (int valid : new int[] {2, 1}) {
                Array sums = s.evaluate(List.of(x, label, Array.scalar(b.type(), valid)), (g, in) -> GivenGraph.build(g,
                        new Accuracy(), Map.of("x", in.get(0), "y", in.get(1), "valid", in.get(2)), "x", "y")).get(0);
                assertEquals(valid == 2 ? List.of(3.0, 4.0) : List.of(2.0, 2.0), List.of(sums.at(0), sums.at(1)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void predictionAndLabelAtTheThresholdOrNaNAreBelowIt(Setup b) {
        try (Session s = b.open()) {
            Array x = rows(b, 1, 0.5, 0.6, Double.NaN, 0.4, 0.7);
            Array y = rows(b, 1, 0, 1, 0, 1, 1);
            Array sums = s.evaluate(List.of(x, y, Array.scalar(b.type(), 1)), (g, in) -> GivenGraph.build(g,
                    new BinaryAccuracy(0.5, null), Map.of("x", in.get(0), "y", in.get(1), "valid", in.get(2)), "x",
                    "y")).get(0);
            assertEquals(List.of(4.0, 5.0), List.of(sums.at(0), sums.at(1)));
        }
    }
}

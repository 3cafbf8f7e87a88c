package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.layers.BinaryCrossEntropyLoss;
import org.mocha4j.layers.GaussianKLLoss;
import org.mocha4j.layers.HingeLoss;
import org.mocha4j.layers.MultinomialLogisticLoss;
import org.mocha4j.layers.SoftlabelSoftmaxLoss;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.layers.SquareLoss;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.LayerCase;
import org.mocha4j.testkit.LayerCheck;

/** The rules of losses whose labels are numbers, each by name, on every backend and in both types. */
class PairLossRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static Array rows(Setup b, int n, double... v) {
        return Array.of(Shape.of(n, v.length / n), v).as(b.type());
    }

    private static double loss(Session s, Layer layer, Array x, Array y) {
        return s.evaluate(List.of(x, y), (g, in) -> GivenGraph.build(g, layer, Map.of("x", in.get(0), "y", in.get(1)),
                "x", "y")).get(0).at(0);
    }

    /** With respect to both bottoms. */
    private static List<Array> gradients(Setup b, Session s, Layer layer, Array x, Array y) {
        return s.gradients(List.of(x, y), List.of(Array.scalar(b.type(), 1)), (g, in) -> GivenGraph.build(g, layer,
                Map.of("x", in.get(0), "y", in.get(1)), "x", "y"));
    }

    private static void gradientsAre(Setup b, Session s, Layer layer, Array x, Array y, Array dx, Array dy) {
        List<Array> d = gradients(b, s, layer, x, y);
        Closeness.require(layer + ": first bottom", d.get(0), dx, 1e-6);
        Closeness.require(layer + ": second bottom", d.get(1), dy, 1e-6);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theHingesWeightIsAppliedInBothDirections(Setup b) {
        Array p = rows(b, 2, 0.5, -3, 4, 0.25);
        Array y = rows(b, 2, 1, 1, -1, -1);
        try (Session s = b.open()) {
            double sum = 0.5 + 4 + 5 + 1.25;
            assertEquals(sum / 2, loss(s, new HingeLoss(), p, y), 1e-5);
            assertEquals(3 * sum / 2, loss(s, new HingeLoss(3.0), p, y), 1e-5);
            gradientsAre(b, s, new HingeLoss(3.0), p, y, rows(b, 2, -1.5, -1.5, 1.5, 1.5),
                    rows(b, 2, -0.75, 4.5, -6, -0.375));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void onAndBeyondTheMarginTheHingeHasNoGradient(Setup b) {
        try (Session s = b.open()) {
            Array zero = rows(b, 1, 0, 0);
            gradientsAre(b, s, new HingeLoss(), rows(b, 1, 1, -7), rows(b, 1, 1, -1), zero, zero);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theSquareLossIsHalfTheSquaredDistancePerSample(Setup b) {
        Array p = rows(b, 2, 1, 2, 3, 4);
        Array y = rows(b, 2, 0, 4, 3, 1);
        try (Session s = b.open()) {
            assertEquals(0.5 * (1 + 4 + 9) / 4, loss(s, new SquareLoss(0.5), p, y), 1e-6);
            gradientsAre(b, s, new SquareLoss(0.5), p, y, rows(b, 2, 0.25, -0.5, 0, 0.75),
                    rows(b, 2, -0.25, 0.5, 0, -0.75));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void binaryCrossEntropyAndGaussianKLDivideByTheSamplesAndClampTheirLogarithms(Setup b) {
        double low = -Math.log(1e-20);
        try (Session s = b.open()) {
            assertEquals(Math.log(2), loss(s, new BinaryCrossEntropyLoss(), rows(b, 2, 0.5, 0.5), rows(b, 2, 1, 0)),
                    1e-6);
            assertEquals(low, loss(s, new BinaryCrossEntropyLoss(), rows(b, 1, 0, 1), rows(b, 1, 1, 1)), 1e-5);
            assertEquals(2 * low, loss(s, new BinaryCrossEntropyLoss(), rows(b, 1, 0, 1), rows(b, 1, 1, 0)), 1e-5);
            gradientsAre(b, s, new BinaryCrossEntropyLoss(), rows(b, 1, 0, 1), rows(b, 1, 1, 0), rows(b, 1, 0, 0),
                    rows(b, 1, low, -low));
            assertEquals((1 + 4 - 2 * Math.log(2) - 1) / 4, loss(s, new GaussianKLLoss(), rows(b, 2, 1, 0),
                    rows(b, 2, 2, 1)), 1e-6);
            assertEquals(low - 0.5, loss(s, new GaussianKLLoss(), rows(b, 1, 0), rows(b, 1, 0)), 1e-5);
            gradientsAre(b, s, new GaussianKLLoss(), rows(b, 1, 3, 3), rows(b, 1, 0, -2), rows(b, 1, 3, 3),
                    rows(b, 1, 0, -2));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void softLabelsThatAreCertainGiveTheSoftmaxLossWithoutUnderflow(Setup b) {
        try (Session s = b.open()) {
            Array x = rows(b, 2, 0, 1000, 3, 1, 2, 3);
            assertEquals(loss(s, new SoftmaxLoss(), x, rows(b, 2, 0, 2)),
                    loss(s, new SoftlabelSoftmaxLoss(), x, rows(b, 2, 1, 0, 0, 0, 0, 1)), 1e-4);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void lossesOfWhichOnlyTheLabelSideNeedsAGradientDoNotCrash(Setup b) {
        Array x = rows(b, 2, 0.3, 0.6, 0.2, 0.9);
        Array y = rows(b, 2, 0.7, 0.1, 0.5, 0.4);
        List<Array> one = List.of(Array.scalar(b.type(), 1));
        try (Session s = b.open()) {
            for (Layer l : List.of(new SquareLoss(), new HingeLoss(), new BinaryCrossEntropyLoss(),
                    new GaussianKLLoss(),
                    new SoftlabelSoftmaxLoss())) {
                Array both = gradients(b, s, l, x, y).get(1);
                Array alone = s.gradients(List.of(y), one, (g, in) ->
                        GivenGraph.build(g, l, Map.of("x", g.constant(x), "y",
                        in.get(0)), "x", "y")).get(0);
                assertEquals(both, alone, l.toString());
            }
            for (Layer l : List.of(new SoftmaxLoss(), new MultinomialLogisticLoss())) {
                assertNull(s.gradients(List.of(rows(b, 2, 0, 1)), one, (g, in) -> GivenGraph.build(g, l,
                        Map.of("x", g.constant(x), "y", in.get(0)), "x", "y")).get(0), l.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aLossesWeightScalesTheObjectiveAndLeavesTheTopAsItIs(Setup b) {
        Array x = rows(b, 2, 0.3, 0.6, 0.2, 0.9);
        Array y = rows(b, 2, 0.7, 0.1, 0.5, 0.4);
        Array label = rows(b, 2, 0, 1);
        try (Session s = b.open()) {
            for (LayerCase c : List.of(LayerCase.of(new SquareLoss(0.25), x, y),
                    LayerCase.of(new HingeLoss(0.25), x, y),
                    LayerCase.of(new BinaryCrossEntropyLoss(0.25), x, y), LayerCase.of(new GaussianKLLoss(0.25), x, y),
                    LayerCase.of(new SoftlabelSoftmaxLoss(1, 0.25), x, y),
                            LayerCase.of(new SoftmaxLoss(1, 0.25), x, label),
                    LayerCase.of(new MultinomialLogisticLoss(1, 0.25, null), x, label))) {
                List<Array> topAndObjective = LayerCheck.run(s, c, Phase.TRAIN);
                assertEquals(topAndObjective.get(0).at(0) / 4, topAndObjective.get(1).at(0), 1e-6, c.toString());
            }
        }
    }
}

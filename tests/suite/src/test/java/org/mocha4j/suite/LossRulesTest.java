package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.layers.ClassWeights;
import org.mocha4j.layers.ClassWeights.Normalize;
import org.mocha4j.layers.MultinomialLogisticLoss;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.Values;

/** The rules of losses, each by name, on every backend and in both types. */
class LossRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static Array array(Setup b, Shape shape, double... v) {
        return Array.of(shape, v).as(b.type());
    }

    private static ClassWeights weights(Normalize n, Shape shape, double... w) {
        return new ClassWeights(Array.of(shape, w), n);
    }

    private static double loss(Session s, Layer layer, Array x, Array y) {
        return s.evaluate(List.of(x, y), (g, in) -> GivenGraph.build(g, layer, Map.of("x", in.get(0), "y", in.get(1)),
                "x", "y")).get(0).at(0);
    }

    /** With respect to both bottoms; null where there is none. */
    private static List<Array> gradients(Setup b, Session s, Layer layer, Array x, Array y) {
        return s.gradients(List.of(x, y), List.of(array(b, Shape.SCALAR, 1)), (g, in) -> GivenGraph.build(g, layer,
                Map.of("x", in.get(0), "y", in.get(1)), "x", "y"));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theLogarithmOfAnUnderflowedProbabilityIsNeverTaken(Setup b) {
        try (Session s = b.open()) {
            Array x = array(b, Shape.of(1, 3), 0, 1000, 3);
            ClassWeights twice = weights(Normalize.NO, Shape.of(3), 2, 2, 2);
            assertEquals(1000, loss(s, new SoftmaxLoss(), x, array(b, Shape.of(1), 0)));
            assertEquals(2000, loss(s, new SoftmaxLoss(1, 1.0, twice), x, array(b, Shape.of(1), 0)));
            Closeness.require("gradient", gradients(b, s, new SoftmaxLoss(1, 1.0, twice), x, array(b, Shape.of(1), 0))
                    .get(0),
                    array(b, Shape.of(1, 3), -2, 2, 0), 1e-6);
            Array p = array(b, Shape.of(1, 3), 0, 1, 0);
            assertEquals(-Math.log(1e-20), loss(s, new MultinomialLogisticLoss(), p, array(b, Shape.of(1), 0)), 1e-5);
            Closeness.require("gradient", gradients(b, s, new MultinomialLogisticLoss(), p, array(b, Shape.of(1), 0))
                    .get(0),
                    array(b, Shape.of(1, 3), 0, 0, 0), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void multinomialLogisticLossHasABackward(Setup b) {
        try (Session s = b.open()) {
            Array p = array(b, Shape.of(2, 3), 0.5, 0.25, 0.25, 0.1, 0.1, 0.8);
            Array label = array(b, Shape.of(2), 1, 2);
            assertEquals((Math.log(4) - Math.log(0.8)) / 2, loss(s, new MultinomialLogisticLoss(), p, label), 1e-6);
            Closeness.require("gradient", gradients(b, s, new MultinomialLogisticLoss(), p, label).get(0),
                    array(b, Shape.of(2, 3), 0, -2, 0, 0, 0, -0.625), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void equalWeightsOfClassesAreTheLossWithoutWeights(Setup b) {
        Array x = Values.between(0.1, 0.9, 1, 2, 3, 2, 2).as(b.type());
        Array label = Values.whole(3, 2, 2, 1, 2, 2).as(b.type());
        try (Session s = b.open()) {
            for (Normalize n : List.of(Normalize.LOCAL, Normalize.GLOBAL)) {
                for (Shape shape : List.of(Shape.of(3), Shape.of(3, 2, 2), x.shape())) {
                    ClassWeights w = new ClassWeights(Array.filled(new org.mocha4j.api.Spec(x.spec().type(), shape), 7),
                            n);
                    assertEquals(loss(s, new SoftmaxLoss(), x, label), loss(s, new SoftmaxLoss(1, 1.0, w), x, label),
                            1e-6);
                    assertEquals(loss(s, new MultinomialLogisticLoss(), x, label),
                            loss(s, new MultinomialLogisticLoss(1, 1.0, w), x, label), 1e-6);
                }
            }
        }
    }

    /** Two places with weights (1, 3) and (2, 2): by hand. */
    @ParameterizedTest
    @MethodSource(ALL)
    void localScalesWeightsAtEachPlaceGlobalOverASampleNoLeavesThemAndTheDivisorStaysTheCount(Setup b) {
        Array p = array(b, Shape.of(1, 2, 2), 0.5, 0.5, 0.5, 0.5);
        Array label = array(b, Shape.of(1, 1, 2), 1, 0);
        double[] w = {1, 2, 3, 2};
        try (Session s = b.open()) {
            double[] expected = {(1.5 + 1) / 2, (3 + 2) * 4 / 8.0 / 2, (3 + 2) / 2.0};
            for (Normalize n : Normalize.values()) {
                ClassWeights c = weights(n, Shape.of(2, 2), w);
                assertEquals(expected[n.ordinal()] * Math.log(2),
                        loss(s, new MultinomialLogisticLoss(1, 1.0, c), p, label), 1e-6, n.name());
                assertEquals(expected[n.ordinal()] * Math.log(2), loss(s, new SoftmaxLoss(1, 1.0, c), p, label), 1e-6,
                        n.name());
            }
            Array other = array(b, Shape.of(1, 2, 2), 0.5, 0.5, 0.5, 0.5);
            ClassWeights uneven = weights(Normalize.GLOBAL, Shape.of(2, 2), 1, 4, 3, 8);
            assertEquals((3 + 4) * 4 / 16.0 / 2 * Math.log(2), loss(s, new SoftmaxLoss(1, 1.0, uneven), other, label),
                    1e-6);
            uneven = weights(Normalize.LOCAL, Shape.of(2, 2), 1, 4, 3, 8);
            assertEquals((1.5 + 2 / 3.0) / 2 * Math.log(2), loss(s, new SoftmaxLoss(1, 1.0, uneven), other, label),
                    1e-6);
        }
    }

    /** w_g (σ_i − δ_ig) / places. */
    @ParameterizedTest
    @MethodSource(ALL)
    void theWeightOfTheLabelScalesTheGradientOfTheSoftmaxLoss(Setup b) {
        Array x = array(b, Shape.of(2, 2), 0, Math.log(3), 0, 0);
        try (Session s = b.open()) {
            Closeness.require("gradient", gradients(b, s, new SoftmaxLoss(1, 1.0,
                    weights(Normalize.NO, Shape.of(2), 5, 7)), x,
                    array(b, Shape.of(2), 0, 1)).get(0), array(b, Shape.of(2, 2), -1.875, 1.875, 1.75, -1.75), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aLabelThatIsNoClassIsNamedWithSampleAndValue(Setup b) {
        Array x = Values.between(0.1, 0.9, 1, 3, 5).as(b.type());
        ClassWeights w = weights(Normalize.LOCAL, Shape.of(5), 1, 2, 3, 4, 5);
        try (Session s = b.open()) {
            for (Layer l : List.of(new MultinomialLogisticLoss(), new MultinomialLogisticLoss(1, 1.0, w),
                    new SoftmaxLoss(1, 1.0, w))) {
                named("label 5 of sample 1", s, l, x, array(b, Shape.of(3), 0, 5, -1));
                named("label 0.5 of sample 2", s, l, x, array(b, Shape.of(3, 1), 0, 4, 0.5));
            }
        }
    }

    private static void named(String what, Session s, Layer l, Array x, Array labels) {
        assertEquals(what + " is no class; expected: a whole number from 0 to the number of classes - 1",
                assertThrows(DataException.class, () -> loss(s, l, x, labels)).getMessage());
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void labelsOfClassesGetNoGradientAndCrashNothing(Setup b) {
        Array x = Values.between(0.1, 0.9, 1, 3, 5).as(b.type());
        try (Session s = b.open()) {
            for (Layer l : List.of(new MultinomialLogisticLoss(), new SoftmaxLoss())) {
                assertEquals(null, gradients(b, s, l, x, array(b, Shape.of(3), 0, 4, 2)).get(1));
            }
        }
    }
}

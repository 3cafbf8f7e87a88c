package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Constraint;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Regularizer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.regularizers.L1;
import org.mocha4j.regularizers.L2;
import org.mocha4j.regularizers.L2Norm;
import org.mocha4j.regularizers.No;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Regularizers and constraints on a parameter whose gradient is 0, so that only they move it. */
class PenaltiesTest {
    private static List<Node> weights(Shape shape, Regularizer r, Constraint c, double... first) {
        return List.of(Rig.node("n", (g, in) -> {
            Value w = g.parameter("w", shape, new Param(new Rig.Values(first), r, c, 1.0));
            g.loss(Ops.affine(g, Ops.sumAll(g, w), 0, 7), 1);
            return List.of();
        }, List.of()));
    }

    private interface Use {
        void with(Net net, Training t);
    }

    private static void train(String backend, DataType type,
            List<Node> nodes, double regularization, boolean report, Use use) {
        TrainingOptions o = new TrainingOptions(new SGD(0.0), regularization, Policy.of(0.1), List.of(), 1, Set.of(),
                report);
        try (Session s = Rig.open(backend, type, true); Net net = s.net("n", Phase.TRAIN, nodes);
                Training t = net.training(o)) {
            use.with(net, t);
        }
    }

    private static void step(Training t, int i) {
        t.accumulate(List.of(), i, 0);
        t.apply(i);
    }

    private static double[] after(String backend, Regularizer r, double regularization) {
        double[][] found = new double[1][];
        train(backend, DataType.FLOAT64, weights(Shape.of(4), r, null, 3, 0, -0.0, -2), regularization, false,
                (net, t) -> {
            step(t, 0);
            found[0] = net.parameters().read("n___w").toDoubles();
        });
        return found[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theGradientOfL2IsTwiceCoefficientTimesGlobalTimesWeight(String backend) {
        double factor = 1 - 0.1 * 2 * 0.5 * 0.25;
        assertArrayEquals(new double[] {3 * factor, 0, 0, -2 * factor}, after(backend, new L2(0.5), 0.25), 1e-15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theGradientOfL1IsCoefficientTimesGlobalTimesSignWithSignZeroOfZero(String backend) {
        double d = 0.1 * 0.5 * 0.25;
        assertArrayEquals(new double[] {3 - d, 0, 0, -2 + d}, after(backend, new L1(0.5), 0.25), 1e-15);
    }

    @Test
    void noPenaltyAndNoGlobalCoefficientLeaveTheWeights() {
        assertArrayEquals(new double[] {3, 0, -0.0, -2}, after("cpu", new No(), 0.25), 0);
        assertArrayEquals(new double[] {3, 0, -0.0, -2}, after("cpu", new L2(0.5), 0), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void penaltiesAreReportedOnlyWhenAsked(String backend) {
        for (boolean report : new boolean[] {false, true}) {
            for (Regularizer r : List.of(new L2(0.5), new L1(0.5), new No())) {
                double penalty = r instanceof L2 ? 0.5 * 0.25 * 13 : r instanceof L1 ? 0.5 * 0.25 * 5 : 0;
                train(backend, DataType.FLOAT64, weights(Shape.of(2), r, null, 3, -2), 0.25, report, (net, t) -> {
                    step(t, 0);
                    assertEquals(7 + (report ? penalty : 0), t.objective(), 1e-12, r.toString());
                    double gradient = r instanceof L2 ? 0.5 * 0.25 * 2 * 3 : r instanceof L1 ? 0.5 * 0.25 : 0;
                    assertEquals(3 - 0.1 * gradient, net.parameters().read("n___w").at(0), 1e-12,
                            "and not taken twice");
                });
            }
        }
    }

    private static double norm(Array w, int unit, int inputs) {
        double sum = 0;
        for (int i = 0; i < inputs; i++) {
            sum += w.at(unit * inputs + i) * w.at(unit * inputs + i);
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theInputsOfAUnitAreScaledToExactlyTheThresholdWhenAboveIt(String backend) {
        double[] first = {3, 0, 4, 0, 1, 0.5, -0.25, 0, 0, 0, 0, 0};
        for (DataType type : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
            double rounding = type == DataType.FLOAT64 ? 1e-15 : 5e-7;
            train(backend, type, weights(Shape.of(3, 2, 2), null, new L2Norm(2), first), 0, false, (net, t) -> {
                step(t, 0);
                Array w = net.parameters().read("n___w");
                assertEquals(2, norm(w, 0, 4), 2 * rounding);
                assertEquals(1.2, w.at(0), 2 * rounding);
                assertEquals(1.6, w.at(2), 2 * rounding);
                for (int i = 4; i < 12; i++) {
                    assertEquals(first[i], w.at(i), "below the threshold every bit stays");
                }
            });
        }
    }

    @Test
    void eachElementOfAVectorIsAUnit() {
        train("cpu", DataType.FLOAT64, weights(Shape.of(3), null, new L2Norm(2), 3, -5, 1), 0, false, (net, t) -> {
            step(t, 0);
            assertArrayEquals(new double[] {2, -2, 1}, net.parameters().read("n___w").toDoubles(), 1e-15);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theConstraintActsAfterEachNthUpdate(String backend) {
        train(backend, DataType.FLOAT64, weights(Shape.of(1, 2), null, new L2Norm(1, 3), 3, 4), 0, false, (net, t) -> {
            for (int i = 0; i < 7; i++) {
                net.parameters().write("n___w", Array.of(Shape.of(1, 2), 3.0, 4));
                step(t, i);
                assertEquals(i % 3 == 2 ? 1 : 5, norm(net.parameters().read("n___w"), 0, 2), 1e-15,
                        "after update " + (i + 1));
            }
        });
    }

    @Test
    void aWeightThatIsNaNStaysNaN() {
        train("cpu", DataType.FLOAT64, weights(Shape.of(1, 2), null, new L2Norm(1), 3, 4), 0, false, (net, t) -> {
            t.accumulate(List.of(), 0, 0);
            net.parameters().write("n___w", Array.of(Shape.of(1, 2), Double.NaN, 4));
            t.apply(0);
            assertTrue(Double.isNaN(net.parameters().read("n___w").at(0)));
        });
    }

    @Test
    void wrongFieldsAreNamed() {
        assertEquals("threshold is 0.0; expected: a finite number above 0",
                assertThrows(ConfigurationException.class, () -> new L2Norm(0)).getMessage());
        assertEquals("everyIterations is 0; expected: at least 1",
                assertThrows(ConfigurationException.class, () -> new L2Norm(1, 0)).getMessage());
        assertEquals("coefficient is -1.0; expected: a finite number of at least 0",
                assertThrows(ConfigurationException.class, () -> new L1(-1.0)).getMessage());
        assertEquals("coefficient is NaN; expected: a finite number of at least 0",
                assertThrows(ConfigurationException.class, () -> new L2(Double.NaN)).getMessage());
        assertEquals(new L2Norm(1, 1), new L2Norm(1));
    }
}

package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.layers.Argmax;
import org.mocha4j.layers.ChannelPooling;
import org.mocha4j.layers.ElementWise;
import org.mocha4j.layers.Margin;
import org.mocha4j.layers.Power;
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
}

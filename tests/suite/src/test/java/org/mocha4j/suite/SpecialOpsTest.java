package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Cast;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.Values;

/** What cases with smooth inputs do not show: random numbers, checks, casts, NaN, ties, the status word. */
class SpecialOpsTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static Array one(Session s, List<Array> in, java.util.function.BiFunction<org.mocha4j.api.Graph,
            List<Value>, Value> f) {
        return s.evaluate(in, (g, x) -> List.of(f.apply(g, x))).get(0);
    }

    private static Array numbers(Setup b, double... v) {
        return Array.of(Shape.of(v.length), v).as(b.type());
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void uniformNumbersAreThoseOfPhiloxBitForBit(Setup b) {
        try (Session s = b.open()) {
            Array u = one(s, List.of(), (g, in) -> g.random("mask", Distribution.uniform(), Shape.of(2, 5, 3, 3)));
            Array v = one(s, List.of(), (g, in) -> g.random("mask", new Distribution(Distribution.Kind.UNIFORM, -1, 3),
                    Shape.of(13)));
            long key = Philox.key("graph/mask");
            for (int i = 0; i < u.elements(); i++) {
                assertEquals(Philox.uniform(1, key, 0, i), u.at(i));
            }
            for (int i = 0; i < v.elements(); i++) {
                double expected = -1 + 4 * Philox.uniform(1, key, 0, i);
                assertEquals(b.type() == DataType.FLOAT32 ? (float) expected : expected, v.at(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void normalNumbersAreThoseOfPhilox(Setup b) {
        try (Session s = b.open()) {
            Array n = one(s, List.of(), (g, in) -> g.random("noise", Distribution.normal(2, 0.5), Shape.of(65)));
            for (int i = 0; i < n.elements(); i++) {
                assertEquals(2 + 0.5 * Philox.normal(1, Philox.key("graph/noise"), 0, i), n.at(i), 1e-6);
            }
        }
    }

    /** The definition compares in the net's type, so u equal to the rounded ratio is dropped. */
    @ParameterizedTest
    @MethodSource(ALL)
    void dropoutComparesInTheTypeOfTheNet(Setup b) {
        try (Session s = b.open()) {
            double at = b.type() == DataType.FLOAT32 ? (float) 0.3 : 0.3;
            double above = b.type() == DataType.FLOAT32 ? Math.nextUp((float) 0.3) : Math.nextUp(0.3);
            Array y = one(s, List.of(numbers(b, 7, 7, 7), numbers(b, at, above, 0)),
                    (g, in) -> g.op(new Dropout(0.3), in.get(0), in.get(1)));
            assertEquals(0, y.at(0));
            assertEquals(10, y.at(1), 1e-5);
            assertEquals(0, y.at(2));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void castsRoundToNearest(Setup b) {
        try (Session s = b.open()) {
            Array x = Values.distinct(1, 13).as(b.type());
            Array y = one(s, List.of(x), (g, in) -> g.op(new Cast(b.type()),
                    g.op(new Cast(DataType.FLOAT32), in.get(0))));
            Closeness.require("cast", y, x.as(DataType.FLOAT32).as(b.type()), 0);
            Array d = s.gradients(List.of(x), List.of(x), (g, in) -> List.of(g.op(new Cast(b.type()),
                    g.op(new Cast(DataType.FLOAT32), in.get(0))))).get(0);
            Closeness.require("gradient of cast", d, x.as(DataType.FLOAT32).as(b.type()), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void opsOfAnotherTypeThanTheNetsKeepTheirOwn(Setup b) {
        DataType other = b.type() == DataType.FLOAT32 ? DataType.FLOAT64 : DataType.FLOAT32;
        try (Session s = b.open()) {
            Array y = one(s, List.of(numbers(b, -1, 2)), (g, in) -> g.op(new Cast(b.type()),
                    g.op(new org.mocha4j.api.ops.Softmax(0), g.op(new Cast(other), in.get(0)))));
            assertEquals(1 / (1 + Math.exp(3)), y.at(0), 1e-6);
            Array z = one(s, List.of(numbers(b, -1, 2)), (g, in) -> g.op(new Cast(b.type()),
                    Ops.max(g, g.op(new Cast(other), in.get(0)), Ops.fill(g, Spec.of(other, 2), 0.5))));
            assertEquals(0.5, z.at(0));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void badLabelsAreNamedWithSampleAndValue(Setup b) {
        try (Session s = b.open()) {
            Array x = Values.distinct(1, 3, 5).as(b.type());
            label(s, x, numbers(b, 0, 5, -1), "label 5 of sample 1 is no class");
            label(s, x, numbers(b, 0, 4, -1), "label -1 of sample 2 is no class");
            label(s, x, numbers(b, 0.5, 4, 7), "label 0.5 of sample 0 is no class");
            label(s, x, numbers(b, 0, Double.NaN, 7), "label NaN of sample 1 is no class");
            one(s, List.of(x, numbers(b, 0, 4, 2)), (g, in) -> g.op(new SoftmaxLoss(1), in.get(0), in.get(1)));
        }
    }

    private static void label(Session s, Array x, Array labels, String expected) {
        String found = assertThrows(DataException.class, () -> one(s, List.of(x, labels),
                (g, in) -> g.op(new SoftmaxLoss(1), in.get(0), in.get(1)))).getMessage();
        assertEquals(expected + "; expected: a whole number from 0 to the number of classes - 1", found);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void badIndicesAndInfiniteNumbersAreNamed(Setup b) {
        try (Session s = b.open()) {
            Array table = Values.distinct(1, 3, 2).as(b.type());
            for (double bad : new double[] {3, -1, 0.5}) {
                String text = "index " + (bad == 0.5 ? "0.5" : String.valueOf((int) bad)) + " at element 1 is outside"
                        + " the table; expected: a whole number from 0 to its rows - 1";
                assertEquals(text, assertThrows(DataException.class, () -> one(s, List.of(table, numbers(b, 0, bad, 9)),
                        (g, in) -> g.op(new Gather(), in.get(0), in.get(1)))).getMessage());
                assertEquals(text, assertThrows(DataException.class, () -> one(s, List.of(numbers(b, 0, bad), numbers(b,
                        1, 2)), (g, in) -> g.op(new ScatterAdd(3), in.get(0), in.get(1)))).getMessage());
            }
            assertEquals("the objective is Infinity", assertThrows(DataException.class, () -> one(s,
                    List.of(numbers(b, 0, Double.POSITIVE_INFINITY, Double.NaN)),
                    (g, in) -> g.op(new Check(Check.Kind.FINITE, 0), in.get(0)))).getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void maximaOfNaNAndTies(Setup b) {
        double nan = Double.NaN;
        try (Session s = b.open()) {
            Array m = one(s, List.of(numbers(b, nan, 1, 2, 2, -0.0), numbers(b, 1, nan, 2, 1, 0)),
                    (g, in) -> g.op(new Max(), in.get(0), in.get(1)));
            Closeness.require("max", m, numbers(b, nan, nan, 2, 2, 0), 0);
            Array rows = Array.of(Shape.of(3, 3), 1.0, 3, 3, nan, 2, nan, -1, -1, -1).as(b.type());
            Closeness.require("reduce max", one(s, List.of(rows), (g, in) -> Ops.reduceMax(g, in.get(0), 1)),
                    Array.of(Shape.of(3, 1), 3.0, nan, -1).as(b.type()), 0);
            Closeness.require("arg max", one(s, List.of(rows), (g, in) -> Ops.argMax(g, in.get(0), 1)),
                    Array.of(Shape.of(3, 1), 1.0, 0, 0).as(b.type()), 0);
            Array ties = Array.of(Shape.of(2, 3), 1.0, 3, 3, 2, 2, 2).as(b.type());
            Closeness.require("gradient of max goes to the first", s.gradients(List.of(ties),
                    List.of(Array.of(Shape.of(2, 1), 5.0, 7).as(b.type())),
                    (g, in) -> List.of(g.op(new Reduce(Reduce.Kind.MAX, List.of(1)), in.get(0)))).get(0),
                    Array.of(Shape.of(2, 3), 0.0, 5, 0, 7, 0, 0).as(b.type()), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theGradientOfAPowerIsNeverNaNAtZero(Setup b) {
        try (Session s = b.open()) {
            for (double e : new double[] {0, 0.5, 1, 2, 3}) {
                Array d = s.gradients(List.of(numbers(b, 0, 4)), List.of(numbers(b, 1, 1)),
                        (g, in) -> List.of(g.op(new Pow(e), in.get(0)))).get(0);
                if (e != 0) {
                    assertEquals(e == 1 ? 1 : 0, d.at(0), "exponent " + e);
                    assertEquals(e * Math.pow(4, e - 1), d.at(1), 1e-5, "exponent " + e);
                }
            }
        }
    }
}

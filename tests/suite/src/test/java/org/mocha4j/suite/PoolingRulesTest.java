package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.Pooling.Divisor;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.api.ops.Pooling.Rounding;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;

/** The rules of pooling: NaN, ties, padding, rounding up, the three divisors. */
class PoolingRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";
    private static final double NAN = Double.NaN;

    private static Array image(Setup b, int h, int w, double... v) {
        return Array.of(Shape.of(1, 1, h, w), v).as(b.type());
    }

    private static Array forward(Session s, Pooling op, Array x) {
        return s.evaluate(List.of(x), (g, in) -> List.of(g.op(op, in.get(0)))).get(0);
    }

    private static Array gradient(Session s, Pooling op, Array x, Array dy) {
        return s.gradients(List.of(x), List.of(dy), (g, in) -> List.of(g.op(op, in.get(0)))).get(0);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void tiesGoToTheFirstInRowMajorOrder(Setup b) {
        Pooling op = new Pooling(Kind.MAX, Window.of(2, 2), null, Rounding.CEIL);
        try (Session s = b.open()) {
            Array x = image(b, 2, 4, 1, 5, 3, 3, 5, 5, 3, 3);
            Closeness.require("max", forward(s, op, x), image(b, 1, 2, 5, 3), 0);
            Closeness.require("gradient", gradient(s, op, x, image(b, 1, 2, 7, 9)),
                    image(b, 2, 4, 0, 7, 9, 0, 0, 0, 0, 0), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void nanNeverWinsAndAWindowOfNaNGoesToItsFirstElementInTheImage(Setup b) {
        Pooling op = new Pooling(Kind.MAX, Window.of(2, 2, 1), null, Rounding.FLOOR);
        try (Session s = b.open()) {
            Array x = image(b, 3, 3, NAN, NAN, 1, 2, NAN, NAN, 3, NAN, NAN);
            Array y = forward(s, op, x);
            Closeness.require("max", y, image(b, 2, 2, NAN, 1, 3, NAN), 0);
            Closeness.require("gradient", gradient(s, op, x, image(b, 2, 2, 1, 2, 4, 8)),
                    image(b, 3, 3, 1, 0, 2, 0, 8, 0, 4, 0, 0), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void paddingNeverWinsAgainstNegativeNumbers(Setup b) {
        Pooling op = new Pooling(Kind.MAX, Window.of(3, 2, 1), null, Rounding.CEIL);
        try (Session s = b.open()) {
            Closeness.require("max", forward(s, op, image(b, 2, 2, -4, -3, -2, Double.NEGATIVE_INFINITY)),
                    image(b, 2, 2, -2, -3, -2, Double.NEGATIVE_INFINITY), 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theExtentsAreRoundedUpAndAWindowOutsideIsDropped(Setup b) {
        try (Session s = b.open()) {
            Array x = Array.filled(new Spec(b.type(), Shape.of(1, 3, 7, 6)), 1);
            assertEquals(Shape.of(1, 3, 3, 3), forward(s, mean(Window.of(3, 2), Divisor.KERNEL), x).shape());
            assertEquals(Shape.of(1, 3, 4, 3), forward(s, mean(Window.of(2, 2), Divisor.KERNEL), x).shape());
            assertEquals(Shape.of(1, 3, 4, 4), forward(s, mean(Window.of(2, 2, 1), Divisor.KERNEL), x).shape());
            assertEquals(Shape.of(1, 3, 3, 2), forward(s, mean(Window.of(1, 3), Divisor.VALID), x).shape());
        }
    }

    private static Pooling mean(Window w, Divisor d) {
        return new Pooling(Kind.MEAN, w, d, Rounding.CEIL);
    }

    /** 16 to 8 with kernel 3 and stride 2: what the divisors make of the last row and column. */
    @ParameterizedTest
    @MethodSource(ALL)
    void theDivisorsDifferInTheLastRowAndColumn(Setup b) {
        try (Session s = b.open()) {
            Array x = Array.filled(new Spec(b.type(), Shape.of(1, 1, 16, 16)), 1);
            Array kernel = forward(s, mean(Window.of(3, 2), Divisor.KERNEL), x);
            Array padded = forward(s, mean(Window.of(3, 2), Divisor.PADDED), x);
            Array valid = forward(s, mean(Window.of(3, 2), Divisor.VALID), x);
            HostTensor expected = HostTensor.allocate(kernel.spec());
            for (int i = 0; i < 64; i++) {
                expected.set(i, (i % 8 == 7 ? 2 / 3.0 : 1) * (i / 8 == 7 ? 2 / 3.0 : 1));
            }
            Closeness.require("kernel", kernel, expected.toArray(), 1e-6);
            Closeness.require("padded", padded, Array.filled(padded.spec(), 1), 1e-6);
            Closeness.require("valid", valid, Array.filled(padded.spec(), 1), 1e-6);
            Array corner = forward(s, mean(Window.of(3, 2, 1), Divisor.PADDED), x);
            assertEquals(4 / 9.0, corner.at(0), 1e-6);
            assertEquals(1, forward(s, mean(Window.of(3, 2, 1), Divisor.VALID), x).at(0), 1e-6);
        }
    }
}

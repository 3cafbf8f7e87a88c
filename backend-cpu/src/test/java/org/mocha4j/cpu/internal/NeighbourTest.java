package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.cpu.internal.Trial.random;

import java.util.List;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRN.Mode;
import org.mocha4j.api.ops.LRNGradient;

/** Local response normalisation: fast kernels against the reference, bits cold, hot and for any number of threads. */
class NeighbourTest {
    private static final double[] POWERS = {0.75, 0.5, 1, 0, 0.3, -1.25, 2};

    private static LRN op(Mode mode, int size, double power) {
        return new LRN(mode, size, 1.7, 0.9, power);
    }

    private static int[] shape(Mode mode, int i) {
        int[] s = FastTest.SIZES;
        int a = s[i % s.length];
        int b = s[(i * 3 + 1) % s.length];
        return mode == Mode.WITHIN_CHANNEL ? new int[] {i % 3 + 1, i % 2 + 1, a, b}
                : i % 4 == 0 ? new int[] {a, b} : new int[] {i % 2 + 1, a, b, i % 3 + 1};
    }

    private static HostTensor[] gradientInputs(Device d, LRN op, HostTensor x) {
        return new HostTensor[] {x, Trial.run(d, op, x), random(x.spec().type(), 7, x.shape().dims())};
    }

    @EachType
    void equalsTheReferenceOnAwkwardSizes(DataType type) {
        try (Device d = Trial.cpu(2); Device plain = Trial.reference()) {
            for (Mode mode : Mode.values()) {
                for (int i = 0; i < 42; i++) {
                    LRN op = op(mode, i % 6 + 1, POWERS[i % POWERS.length]);
                    HostTensor x = random(type, i, shape(mode, i));
                    FastTest.same(d, op, 36, x);
                    FastTest.same(d, new LRNGradient(op), 72, gradientInputs(plain, op, x));
                }
            }
        }
    }

    @EachType
    void neighbourhoodsLargerThanTheImageAndManyBlocks(DataType type) {
        try (Device d = Trial.cpu(3); Device plain = Trial.reference()) {
            for (LRN op : List.of(op(Mode.WITHIN_CHANNEL, 9, 0.75), op(Mode.ACROSS_CHANNEL, 9, 0.75))) {
                for (int[] s : new int[][] {{3, 3, 4, 2}, {2, 64, 33, 29}, {2, 5, 70, 65}, {1, 300, 9, 9}}) {
                    HostTensor x = random(type, 3, s);
                    FastTest.same(d, op, 100, x);
                    FastTest.same(d, new LRNGradient(op), 200, gradientInputs(plain, op, x));
                }
            }
        }
    }

    @EachType
    void bitsAreThoseOfTheFirstRunAndOfOneThread(DataType type) {
        try (Device one = Trial.cpu(1); Device three = Trial.cpu(3)) {
            for (Mode mode : Mode.values()) {
                for (double power : POWERS) {
                    LRN op = op(mode, 3, power);
                    HostTensor x = random(type, 1, 3, 5, 13, 7);
                    HostTensor[] in = gradientInputs(one, op, x);
                    bits(one, three, op, x);
                    bits(one, three, new LRNGradient(op), in);
                }
            }
        }
    }

    private static void bits(Device one, Device three, Op op, HostTensor... in) {
        Trial t = Trial.of(one, op, in);
        t.step().run();
        double[] cold = Trial.values(t.outputs().get(0));
        for (int i = 0; i < 3000; i++) {
            t.step().run();
        }
        assertArrayEquals(cold, Trial.values(t.outputs().get(0)), op.toString());
        assertArrayEquals(cold, Trial.values(Trial.run(three, op, in)), op.toString());
    }

    /** By hand: x = 1, 2, 3, 4 across channels of one place, size 3, scale 3, shift 1, power 1. */
    @EachType
    void theFormulaAtBorders(DataType type) {
        for (Device d : List.of(Trial.reference(), Trial.cpu(1))) {
            try (d) {
                double tolerance = 2 * FastTest.unit(type);
                LRN op = new LRN(Mode.ACROSS_CHANNEL, 3, 3, 1, 1);
                assertArrayEquals(new double[] {1 / 6.0, 2 / 15.0, 3 / 30.0, 4 / 26.0},
                        Trial.values(Trial.run(d, op, Trial.numbers(type, new int[] {1, 4}, 1, 2, 3, 4))), tolerance);
                LRN even = new LRN(Mode.ACROSS_CHANNEL, 2, 2, 1, 1);                // before 0, after 1
                assertArrayEquals(new double[] {1 / 6.0, 2 / 14.0, 3 / 26.0, 4 / 17.0},
                        Trial.values(Trial.run(d, even, Trial.numbers(type, new int[] {1, 4}, 1, 2, 3, 4))), tolerance);
                LRN within = new LRN(Mode.WITHIN_CHANNEL, 3, 9, 1, 1);
                assertArrayEquals(new double[] {1 / 31.0, 2 / 31.0, 3 / 31.0, 4 / 31.0},
                        Trial.values(Trial.run(d, within, Trial.numbers(type, new int[] {1, 1, 2, 2}, 1, 2, 3, 4))),
                        tolerance);
            }
        }
    }

    @EachType
    void extremesAreThoseOfTheReference(DataType type) {
        double[] v = {Double.NaN, 0, Double.POSITIVE_INFINITY, 1e30, -1e-3, Float.MAX_VALUE, -0.0, 3};
        try (Device d = Trial.cpu(1); Device plain = Trial.reference()) {
            for (double power : POWERS) {
                for (double shift : new double[] {0, 1, -1}) {
                    LRN op = new LRN(Mode.ACROSS_CHANNEL, 1, 1e-12, shift, power);
                    for (double x : v) {
                        double e = Trial.run(plain, op, Trial.numbers(type, new int[] {1, 1}, x)).get(0);
                        double f = Trial.run(d, op, Trial.numbers(type, new int[] {1, 1}, x)).get(0);
                        boolean overflows = type == DataType.FLOAT32 && Math.abs(x) >= 1e30;     // the square
                        double tolerance = (type == DataType.FLOAT32 ? 1e-6 : 2e-14) * Math.abs(e);   // e^(p·ln x)
                        assertTrue(overflows || Double.compare(e, f) == 0 || Math.abs(e - f) <= tolerance,
                                op + " of " + x + ": " + e + ", " + f);
                    }
                }
            }
        }
    }
}

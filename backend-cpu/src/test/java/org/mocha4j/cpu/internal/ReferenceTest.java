package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mocha4j.cpu.internal.Trial.floats;
import static org.mocha4j.cpu.internal.Trial.values;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.Transpose;

/** Values worked out by hand, on both backends. */
class ReferenceTest {
    private static final double NAN = Double.NaN;

    private static Device open(String backend) {
        return backend.equals("cpu") ? Trial.cpu(2) : Trial.reference();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void moves(String backend) {
        try (Device d = open(backend)) {
            HostTensor x = floats(new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
            assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, values(Trial.run(d, new Transpose(List.of(1, 0)), x)));
            assertArrayEquals(new double[] {2, 3, 5, 6}, values(Trial.run(d, new Slice(List.of(0, 1), Shape.of(2, 2)),
                    x)));
            assertArrayEquals(new double[] {9, 1, 2, 3, 9, 4, 5, 6, 9, 9, 9, 9},
                    values(Trial.run(d, new Pad(List.of(0, 1), List.of(1, 0), 9), x)));
            assertArrayEquals(new double[] {1, 2, 3, 7, 4, 5, 6, 8},
                    values(Trial.run(d, new Concatenate(1), x, floats(new int[] {2, 1}, 7, 8))));
            assertArrayEquals(new double[] {7, 7, 8, 8, 7, 7, 8, 8},
                    values(Trial.run(d, new Broadcast(Shape.of(2, 2, 2)), floats(new int[] {2, 1}, 7, 8))));
            assertArrayEquals(new double[] {4, 5, 6, 1, 2, 3},
                    values(Trial.run(d, new Gather(), x, floats(new int[] {2}, 1, 0))));
            assertArrayEquals(new double[] {5, 7, 9}, values(Trial.run(d, new Reduce(Reduce.Kind.SUM, List.of(0)), x)));
            assertArrayEquals(new double[] {0, 1}, values(Trial.run(d, new Reduce(Reduce.Kind.ARG_MAX, List.of(1)),
                    floats(new int[] {2, 3}, 2, 2, 1, 0, NAN, NAN))));
            assertArrayEquals(new double[] {14, 32, 32, 77}, values(Trial.run(d, new MatMul(false, true), x, x)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void convolutionDoesNotFlip(String backend) {
        try (Device d = open(backend)) {
            HostTensor y = Trial.run(d, new Convolution(Window.of(2, 1, 1), 1),
                    floats(new int[] {1, 1, 2, 2}, 1, 2, 3, 4), floats(new int[] {1, 1, 2, 2}, 1, 10, 100, 1000));
            assertArrayEquals(new double[] {1000, 2100, 200, 3010, 4321, 402, 30, 43, 4}, values(y));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void maximaOfTiesAndNaN(String backend) {
        Pooling op = new Pooling(Pooling.Kind.MAX, Window.of(2, 2), Pooling.Divisor.KERNEL, Pooling.Rounding.CEIL);
        try (Device d = open(backend)) {
            HostTensor x = floats(new int[] {1, 1, 4, 5}, 5, 5, NAN, 1, -3, 5, 5, NAN, 2, -4,
                    NAN, NAN, -0.0, 0.0, NAN, NAN, NAN, 0.0, 0.0, NAN);
            Trial forward = Trial.of(d, op, x);
            forward.step().run();
            assertArrayEquals(new double[] {5, 2, -3, NAN, -0.0, NAN}, values(forward.outputs().get(0)));
            Trial gradient = Trial.of(d, new PoolingGradient(op), java.util.Optional.of(forward), x,
                    forward.outputs().get(0), floats(new int[] {1, 1, 2, 3}, 1, 2, 3, 4, 5, 6));
            gradient.step().run();
            assertArrayEquals(new double[] {1, 0, 0, 0, 3, 0, 0, 0, 2, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0, 0},
                    values(gradient.outputs().get(0)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void meansHaveThreeDivisors(String backend) {
        double[][] expected = {{9, 6, 6, 4}, {9, 9, 9, 9}, {9, 9, 9, 9}};
        try (Device d = open(backend)) {
            HostTensor x = HostTensor.allocate(Spec.of(DataType.FLOAT32, 1, 1, 4, 4));
            x.fill(9);
            for (Pooling.Divisor divisor : Pooling.Divisor.values()) {
                Pooling op = new Pooling(Pooling.Kind.MEAN, Window.of(3, 2), divisor, Pooling.Rounding.CEIL);
                assertArrayEquals(expected[divisor.ordinal()], values(Trial.run(d, op, x)), divisor.name());
            }
            Window padded = new Window(Size.of(3), Size.of(2), Size.of(1), null);
            assertArrayEquals(new double[] {4, 6, 4, 6, 9, 6, 4, 6, 4}, values(Trial.run(d,
                    new Pooling(Pooling.Kind.MEAN, padded, Pooling.Divisor.PADDED, Pooling.Rounding.CEIL),
                    filled(9, 1, 1, 5, 5))));
        }
    }

    private static HostTensor filled(double v, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, dims));
        t.fill(v);
        return t;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void badLabelsAndIndicesSetTheStatusWord(String backend) {
        try (Device d = open(backend)) {
            Trial t = Trial.of(d, new SoftmaxLoss(1), floats(new int[] {3, 2}, 0, 0, 0, 0, 0, 0),
                    floats(new int[] {3}, 1, 2, 0.5));
            t.step().run();
            assertArrayEquals(new long[] {Status.BAD_LABEL, 0, 1, Double.doubleToRawLongBits(2)}, t.status().longs());
            t = Trial.of(d, new Gather(), floats(new int[] {2, 1}, 8, 9), floats(new int[] {2}, 1, -1));
            t.step().run();
            assertArrayEquals(new long[] {Status.BAD_INDEX, 0, 1, Double.doubleToRawLongBits(-1)}, t.status().longs());
            assertArrayEquals(new double[] {9, 8}, values(t.outputs().get(0)));
            t = Trial.of(d, new SoftmaxLoss(1), floats(new int[] {1, 2}, 3, 3), floats(new int[] {1}, 1));
            t.step().run();
            assertEquals(0, t.status().longs()[0]);
            assertEquals(Math.log(2), t.outputs().get(0).get(0), 1e-7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void updatesWaitForAClearStatus(String backend) {
        try (Device d = open(backend)) {
            Trial t = Trial.of(d, new SgdUpdate(), floats(new int[] {1}, 8), floats(new int[] {1}, 2),
                    floats(new int[] {1}, 4), floats(new int[] {}, 0.5), floats(new int[] {}, 0.25));
            t.status().longs()[0] = Status.NOT_FINITE;
            t.step().run();
            assertEquals(-777, t.outputs().get(0).get(0));
            t.status().longs()[0] = Status.OK;
            t.step().run();
            assertEquals(8, t.outputs().get(0).get(0));
            assertEquals(0, t.outputs().get(1).get(0));
            assertEquals(List.of(true, true, false),
                    List.of(t.plan().inPlace(0, 0), t.plan().inPlace(2, 1), t.plan().inPlace(1, 0)));
            Trial c = Trial.of(d, new Commit(), floats(new int[] {1}, 1), floats(new int[] {1}, 2));
            c.status().longs()[0] = Status.NOT_FINITE;
            c.step().run();
            assertEquals(1, c.outputs().get(0).get(0));
            assertEquals(true, c.plan().predicated());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void randomNumbersFollowPhilox(String backend) {
        try (Device d = open(backend)) {
            HostTensor counters = HostTensor.allocate(Spec.of(DataType.INT64, 2));
            counters.set(0, 42);
            counters.set(1, 7);
            HostTensor y = Trial.run(d, new Random(new Distribution(Distribution.Kind.UNIFORM, -1, 3), 99,
                    Spec.of(DataType.FLOAT32, 3, 5)), counters);
            HostTensor z = Trial.run(d, new Random(Distribution.normal(1, 2), 99, Spec.of(DataType.FLOAT64, 3, 5)),
                    counters);
            HostTensor f = Trial.run(d, new Random(Distribution.normal(1, 2), 99, Spec.of(DataType.FLOAT32, 9001)),
                    counters);
            HostTensor u = Trial.run(d, new Random(Distribution.uniform(), 99, Spec.of(DataType.FLOAT32, 9001)),
                    counters);
            for (int i = 0; i < 9001; i++) {
                assertEquals(1 + 2 * Philox.normal(42, 99, 7, i), f.get(i), 1e-6);
                assertEquals(Philox.uniform(42, 99, 7, i), u.get(i));
            }
            for (int i = 0; i < 15; i++) {
                assertEquals((float) (-1 + 4 * Philox.uniform(42, 99, 7, i)), y.get(i));
                assertEquals(1 + 2 * Philox.normal(42, 99, 7, i), z.get(i), backend.equals("reference") ? 0 : 1e-12);
            }
        }
    }

    @org.junit.jupiter.api.Test
    void powersFollowTheLibrary() {
        double[] x = {0.0, -0.0, 1, -1, 0.3, -2.5, 1e-20, 7, NAN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[] exponents = {0, 1, 2, 3, -1, -2, -3, 0.5, -0.5, 1.5, 0.75, -0.75, 1.0 / 3, 65, -66, 100.5};
        for (double e : exponents) {
            for (double v : x) {
                double expected = StrictMath.pow(v, e);
                double found = Powers.pow(v, e);
                assertEquals(expected, found, Double.isFinite(expected) ? Math.abs(expected) * 1e-12 : 0, v + "^" + e);
            }
        }
    }
}

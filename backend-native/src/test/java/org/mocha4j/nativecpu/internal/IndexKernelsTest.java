package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.ScatterAdd;

/** What threads must not change: which failure is reported, in which order rows add up, which numbers are drawn. */
class IndexKernelsTest {
    private static final int N = 100_000;

    private static KernelRun.Input vector(DataType t, double... v) {
        return KernelRun.input(t, Shape.of(v.length), Layout.PLAIN, v);
    }

    private static void reported(long code, int element, double value, long[] status) {
        assertEquals(code, status[0]);
        assertEquals(element, status[2]);
        assertEquals(value, Double.longBitsToDouble(status[3]));
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void theFirstFailureInRowMajorOrderIsReported(DataType t) {
        for (int first : new int[] {0, 1, 1023, 1024, 49_999, 50_000, N - 1}) {
            double[] x = new double[N];
            x[first] = Double.NEGATIVE_INFINITY;
            x[N - 1] = first == N - 1 ? x[first] : Double.NaN;
            for (int threads = 1; threads < 5; threads++) {
                try (KernelRun k = new KernelRun(threads)) {
                    KernelRun.Result r = k.run(new Check(Check.Kind.FINITE, 0), vector(t, x));
                    reported(Status.NOT_FINITE, first, x[first], r.status());
                    assertArrayEquals(x, r.only());
                    r = k.run(new Check(Check.Kind.LABEL, 1), true, vector(t, x));
                    reported(Status.BAD_LABEL, first, x[first], r.status());
                    r = k.run(new Gather(), vector(t, 5), vector(t, x));
                    reported(Status.BAD_INDEX, first, x[first], r.status());
                    assertEquals(5, r.only()[first]);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void labelsAreWholeNumbersBelowTheLimit(DataType t) {
        try (KernelRun k = new KernelRun(2)) {
            for (double bad : new double[] {-1, 3, 0.5, Double.NaN, Double.POSITIVE_INFINITY, -0.5, 1e30}) {
                reported(Status.BAD_LABEL, 3, t == DataType.FLOAT32 ? (float) bad : bad,
                        k.run(new Check(Check.Kind.LABEL, 3), vector(t, 0, 2, -0.0, bad, 9)).status());
            }
            assertEquals(0, k.run(new Check(Check.Kind.LABEL, 3), vector(t, 0, 1, 2)).status()[0]);
            KernelRun.Input large = vector(t, Float.MAX_VALUE, -Float.MAX_VALUE);
            assertEquals(0, k.run(new Check(Check.Kind.FINITE, 0), large).status()[0]);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void rowsOfEqualIndexAddUpInTheirOrder(DataType t) {
        for (int width : new int[] {1, 7, 64, 200}) {
            int rows = 1000;
            double[] index = new double[rows];
            double[] x = new double[rows * width];
            double[] expected = new double[3 * width];
            for (int i = 0; i < rows; i++) {
                index[i] = i % 7 == 0 ? 2 : 0;
                for (int c = 0; c < width; c++) {
                    double v = 1 / (1.0 + i + c);
                    x[i * width + c] = t == DataType.FLOAT32 ? (float) v : v;
                    int to = (int) index[i] * width + c;
                    double sum = expected[to] + x[i * width + c];
                    expected[to] = t == DataType.FLOAT32 ? (float) sum : sum;
                }
            }
            for (int threads = 1; threads < 5; threads++) {
                try (KernelRun k = new KernelRun(threads)) {
                    assertArrayEquals(expected, k.run(new ScatterAdd(3), vector(t, index),
                            KernelRun.input(t, Shape.of(rows, width), Layout.PLAIN, x)).only(), 0);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void numbersAreThoseOfPhilox(DataType t) {
        long key = Philox.key("layer/mask");
        for (int n : new int[] {1, 2, 3, 5, 127, 128, 129, 255, 256, 257, 20_003}) {
            try (KernelRun k = new KernelRun(1 + n % 3)) {
                KernelRun.Input counters = vector(DataType.INT64, 123456789, 4_000_000_000L);
                double[] u = k.run(new Random(Distribution.uniform(), key, Spec.of(t, n)), counters).only();
                double[] v = k.run(new Random(new Distribution(Distribution.Kind.UNIFORM, -1, 2.3), key, Spec.of(t, n)),
                        counters).only();
                double[] z = k.run(new Random(Distribution.normal(2, 0.5), key, Spec.of(t, n)), counters).only();
                for (int i = 0; i < n; i++) {
                    double e = Philox.uniform(123456789, key, 4_000_000_000L, i);
                    double w = -1 + (2.3 - -1) * e;
                    assertEquals(e, u[i]);
                    assertEquals(t == DataType.FLOAT32 ? (float) w : w, v[i]);
                    assertEquals(2 + 0.5 * Philox.normal(123456789, key, 4_000_000_000L, i), z[i],
                            t == DataType.FLOAT32 ? 3e-7 : 1e-13);
                }
            }
        }
    }
}

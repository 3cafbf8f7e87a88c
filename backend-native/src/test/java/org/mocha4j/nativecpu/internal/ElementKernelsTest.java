package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Tanh;

/** Elementary functions to the last places against Java's library, special numbers, and where results are written. */
class ElementKernelsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final double[] SPECIAL = {0, -0.0, INF, -INF, NAN, 1, -1, 2, -2, -3, 0.5, Float.MIN_VALUE,
        -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 88.72, 88.73, -87.4, -103.9, -104.1,
        0.625, 0.6249, 1e-20, 20.5};

    private static KernelRun.Input vector(DataType t, double... v) {
        double[] rounded = t == DataType.FLOAT32 ? Arrays.stream(v).map(x -> (float) x).toArray() : v;
        return KernelRun.input(t, Shape.of(v.length), Layout.PLAIN, rounded);
    }

    /** Special numbers, then numbers of all magnitudes and signs. */
    private static double[] probes() {
        double[] v = Arrays.copyOf(SPECIAL, 20_000);
        java.util.Random r = new java.util.Random(5);
        for (int i = SPECIAL.length; i < v.length; i++) {
            v[i] = i % 2 == 0 ? Float.intBitsToFloat(r.nextInt()) : 12 * r.nextGaussian();
        }
        return v;
    }

    private static void close(Op op, DataType t, double ulps, DoubleUnaryOperator f) {
        KernelRun.Input x = vector(t, probes());
        try (KernelRun k = new KernelRun(2)) {
            double[] y = k.run(op, x).only();
            for (int i = 0; i < y.length; i++) {
                double e = f.applyAsDouble(x.numbers()[i]);
                double rounded = t == DataType.FLOAT32 ? (float) e : e;
                double ulp = t == DataType.FLOAT32 ? Math.ulp((float) e) : Math.ulp(e);
                boolean close = rounded == y[i] || Double.isNaN(e) && Double.isNaN(y[i])
                        || Math.abs(y[i] - e) <= ulps * ulp;
                assertTrue(close, op + " of " + x.numbers()[i] + ": found " + y[i] + ", expected " + rounded);
            }
        }
    }

    private static double sigmoid(double x) {
        return x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void functionsAreRightToTheLastPlaces(DataType t) {
        close(new Exp(), t, 2, StrictMath::exp);
        close(new Log(), t, 1, StrictMath::log);
        close(new Tanh(), t, 2, StrictMath::tanh);
        close(new Sigmoid(), t, 4, ElementKernelsTest::sigmoid);
        for (double e : new double[] {0, 1, 2, 3, -1, -2, 0.5, -0.5, 0.75, -0.75, 1.7, -1.5, 5, -3, 64, 65, -65,
            1.0 / 3, 1e-12, 1e6}) {
            close(new Pow(e), t, 3, x -> StrictMath.pow(x, e));
        }
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void comparisonsOfNaN(DataType t) {
        try (KernelRun k = new KernelRun(1)) {
            KernelRun.Input a = vector(t, NAN, 1, NAN, 2, -1, INF);
            KernelRun.Input b = vector(t, 1, NAN, NAN, 1, 3, -INF);
            assertArrayEquals(new double[] {NAN, NAN, NAN, 2, 3, INF}, k.run(new Max(), a, b).only());
            assertArrayEquals(new double[] {NAN, 1, NAN, 2, 0, INF}, k.run(new Relu(), a).only());
            assertArrayEquals(new double[] {0, NAN, 0, 1, 0, -INF}, k.run(new ReluGradient(), a, b).only());
            assertArrayEquals(new double[] {NAN, 1, NAN, 1, -1, 1}, k.run(new Sign(), a).only());
            KernelRun.Input x = vector(t, 1, 2, 3, 4, 5, NAN);
            KernelRun.Input y = vector(t, -1, -2, -3, -4, NAN, -6);
            assertArrayEquals(new double[] {-1, -2, -3, -4, 5, -6},
                    k.run(new Select(Select.Comparison.LESS), a, b, x, y).only());
            assertArrayEquals(new double[] {-1, -2, -3, -4, 5, -6},
                    k.run(new Select(Select.Comparison.LESS_OR_EQUAL), a, b, x, y).only());
            assertArrayEquals(new double[] {-1, 2, -3, 4, 5, NAN},
                    k.run(new Select(Select.Comparison.EQUAL), vector(t, NAN, 1, 0, 0, INF, 2),
                            vector(t, NAN, 1, 1, -0.0, INF, 2), x, y).only());
        }
    }

    /** The single output takes the memory of an input that earlier instructions and other blocks read. */
    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT32", "FLOAT64"})
    void runsInPlaceReadBeforeTheyWrite(DataType t) {
        int n = 70_001;
        double[] a = KernelRun.numbers(1, n);
        double[] b = KernelRun.numbers(2, n);
        FusedElementwise op = new FusedElementwise(3, List.of(
                new FusedElementwise.Instruction(new Multiply(), List.of(0, 1)),
                new FusedElementwise.Instruction(new Add(), List.of(3, 0)),
                new FusedElementwise.Instruction(new Multiply(), List.of(4, 2)),
                new FusedElementwise.Instruction(new Add(), List.of(0, 5))), List.of(6), Shape.of(n));
        double[] expected = new double[n];
        Arrays.setAll(expected, i -> a[i] + (a[i] * b[i] + a[i]) * 0.5);
        try (KernelRun k = new KernelRun(2)) {
            double[] y = k.run(op, true, vector(t, a), vector(t, b),
                    KernelRun.input(t, Shape.SCALAR, Layout.PLAIN, 0.5)).only();
            assertArrayEquals(expected, y, t == DataType.FLOAT32 ? 1e-6 : 0);
        }
    }

    @Test
    void resultsMayBeInputsAndRepeat() {
        FusedElementwise op = new FusedElementwise(1, List.of(
                new FusedElementwise.Instruction(new Affine(2, 1), List.of(0))), List.of(0, 1, 1), Shape.of(3));
        try (KernelRun k = new KernelRun(1)) {
            List<double[]> y = k.run(op, vector(DataType.FLOAT32, 1, 2, 3)).outputs();
            assertArrayEquals(new double[] {1, 2, 3}, y.get(0));
            assertArrayEquals(new double[] {3, 5, 7}, y.get(1));
            assertArrayEquals(new double[] {3, 5, 7}, y.get(2));
        }
    }

    /** As many instructions and inputs as the fusion of the runtime makes. */
    @Test
    void theLongestRun() {
        List<FusedElementwise.Instruction> code = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            code.add(new FusedElementwise.Instruction(new Add(), List.of(i < 7 ? i : i + 7, i < 7 ? i + 1 : 7)));
        }
        double[] v = new double[24];
        for (int i = 0; i < 24; i++) {
            v[i] = i < 8 ? i + 1 : v[code.get(i - 8).operands().get(0)] + v[code.get(i - 8).operands().get(1)];
        }
        KernelRun.Input[] in = new KernelRun.Input[8];
        Arrays.setAll(in, i -> vector(DataType.FLOAT32, i + 1, i + 1));
        try (KernelRun k = new KernelRun(1)) {
            double[] y = k.run(new FusedElementwise(8, code, List.of(23), Shape.of(2)), in).only();
            assertEquals(v[23], y[0]);
            assertEquals(v[23], y[1]);
        }
    }

    @Test
    void layoutsAreKept() {
        Shape s = Shape.of(2, 3, 2, 2);
        double[] a = KernelRun.numbers(1, 24);
        double[] b = KernelRun.numbers(2, 24);
        double[] sum = new double[24];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        try (KernelRun k = new KernelRun(1)) {
            KernelRun.Result r = k.run(new Add(), KernelRun.input(DataType.FLOAT32, s, Nhwc.NHWC, a),
                    KernelRun.input(DataType.FLOAT32, s, Nhwc.NHWC, b));
            assertEquals(List.of(Nhwc.NHWC), r.layouts());
            assertArrayEquals(sum, r.only());
        }
    }
}

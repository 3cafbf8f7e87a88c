package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Reduce;

/** Reductions of tensors as they lie, against sums that are exact: all numbers are multiples of 1/512. */
class ReduceKernelsTest {
    private static final List<Shape> SHAPES = List.of(Shape.of(2, 5, 3, 4), Shape.of(1, 3, 7, 1), Shape.of(3, 17, 9, 8),
            Shape.of(2, 1, 3, 3), Shape.of(4, 6, 1, 1), Shape.of(5, 10, 40, 30), Shape.of(1, 700, 5, 4),
            Shape.of(9, 3, 65, 33), Shape.of(2, 2, 1, 20000));

    static Stream<Arguments> ways() {
        return SHAPES.stream().flatMap(s -> Stream.of(Layout.PLAIN, Nhwc.NHWC).flatMap(l ->
                Stream.of(DataType.FLOAT32, DataType.FLOAT64).map(t -> Arguments.of(t, s, l))));
    }

    /** Where each element goes when axes are reduced. */
    private static int[] targets(Shape s, List<Integer> axes) {
        int[] target = new int[Math.toIntExact(s.elements())];
        for (int i = 0; i < target.length; i++) {
            int rest = i;
            int stride = 1;
            for (int a = s.rank() - 1; a >= 0; a--) {
                if (!axes.contains(a)) {
                    target[i] += rest % s.dim(a) * stride;
                    stride *= s.dim(a);
                }
                rest /= s.dim(a);
            }
        }
        return target;
    }

    private static int results(Shape s, List<Integer> axes) {
        int n = 1;
        for (int a = 0; a < s.rank(); a++) {
            n *= axes.contains(a) ? 1 : s.dim(a);
        }
        return n;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void sumsOverAnyAxes(DataType t, Shape s, Layout l) {
        double[] x = KernelRun.numbers(3, s.elements());
        try (KernelRun k = new KernelRun(2)) {
            for (int set = 0; set < 16; set++) {
                List<Integer> axes = new ArrayList<>();
                for (int a = 0; a < 4; a++) {
                    if ((set >> a & 1) == 1) {
                        axes.add(a);
                    }
                }
                int[] target = targets(s, axes);
                double[] expected = new double[results(s, axes)];
                for (int i = 0; i < x.length; i++) {
                    expected[target[i]] += x[i];
                }
                KernelRun.Input in = KernelRun.input(t, s, l, x);
                assertArrayEquals(expected, k.run(new Reduce(Reduce.Kind.SUM, axes), in).only(), 0,
                        axes + " of " + s + " " + l);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void maximaOfOneAxisWithTiesAndNaN(DataType t, Shape s, Layout l) {
        double[] x = KernelRun.numbers(4, s.elements());
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 37 == 36 ? Double.NaN : Math.rint(4 * x[i]);
        }
        try (KernelRun k = new KernelRun(2)) {
            for (int axis = 0; axis < 4; axis++) {
                int[] target = targets(s, List.of(axis));
                int stride = Math.toIntExact(s.product(axis + 1, 4));
                double[] best = new double[results(s, List.of(axis))];
                double[] at = new double[best.length];
                Arrays.fill(at, -1);
                for (int i = 0; i < x.length; i++) {
                    int o = target[i];
                    if (at[o] < 0 || best[o] == best[o] && !(x[i] <= best[o])) {
                        best[o] = x[i];
                        at[o] = i / stride % s.dim(axis);
                    }
                }
                KernelRun.Input in = KernelRun.input(t, s, l, x);
                List<Integer> axes = List.of(axis);
                String what = axis + " of " + s;
                assertArrayEquals(best, k.run(new Reduce(Reduce.Kind.MAX, axes), in).only(), 0, what);
                assertArrayEquals(at, k.run(new Reduce(Reduce.Kind.ARG_MAX, axes), in).only(), 0, what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void biasesOfAnyAxisAlsoInPlace(DataType t, Shape s, Layout l) {
        double[] x = KernelRun.numbers(5, s.elements());
        try (KernelRun k = new KernelRun(2)) {
            for (int axis = 0; axis < 4; axis++) {
                double[] b = KernelRun.numbers(6, s.dim(axis));
                int stride = Math.toIntExact(s.product(axis + 1, 4));
                double[] expected = new double[x.length];
                for (int i = 0; i < x.length; i++) {
                    expected[i] = x[i] + b[i / stride % s.dim(axis)];
                }
                for (boolean inPlace : new boolean[] {false, true}) {
                    assertArrayEquals(expected, k.run(new Bias(axis), inPlace, KernelRun.input(t, s, l, x),
                            KernelRun.input(t, Shape.of(b.length), Layout.PLAIN, b)).only(), 0, axis + " of " + s);
                }
            }
        }
    }

    /** The order of a sum follows from the shape alone. */
    @Test
    void sumsHaveTheSameBitsForAnyNumberOfThreads() {
        Shape s = Shape.of(20, 13, 31, 33);
        double[] x = new double[Math.toIntExact(s.elements())];
        java.util.Random r = new java.util.Random(7);
        Arrays.setAll(x, i -> r.nextGaussian() * Math.exp(8 * r.nextGaussian()));
        for (List<Integer> axes : List.of(List.of(0, 2, 3), List.of(0, 1, 2, 3), List.of(1), List.of(0), List.of(3))) {
            for (Layout l : List.of(Layout.PLAIN, Nhwc.NHWC)) {
                double[] one = null;
                for (int threads = 1; threads < 6; threads++) {
                    try (KernelRun k = new KernelRun(threads)) {
                        double[] y = k.run(new Reduce(Reduce.Kind.SUM, axes),
                                KernelRun.input(DataType.FLOAT64, s, l, x)).only();
                        one = one == null ? y : one;
                        assertArrayEquals(one, y, 0, threads + " threads, " + axes);
                    }
                }
            }
        }
    }

    @Test
    void theSumOfNothingIsZero() {
        try (KernelRun k = new KernelRun(2)) {
            assertArrayEquals(new double[3], k.run(new Reduce(Reduce.Kind.SUM, List.of(1)),
                    KernelRun.input(DataType.FLOAT32, Shape.of(3, 0), Layout.PLAIN)).only());
            assertEquals(0, k.run(new Reduce(Reduce.Kind.SUM, List.of(1)),
                    KernelRun.input(DataType.FLOAT32, Shape.of(0, 3), Layout.PLAIN)).only().length);
        }
    }
}

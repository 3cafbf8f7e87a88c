package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Transpose;

/** Copies read plain tensors and those with channels last as they lie; expected elements are looked up one by one. */
class MoveKernelsTest {
    private static final List<Shape> SHAPES = List.of(Shape.of(1, 1, 1, 1), Shape.of(2, 5, 3, 4), Shape.of(1, 3, 7, 1),
            Shape.of(3, 17, 9, 8), Shape.of(2, 40, 33, 31), Shape.of(2, 1, 3, 3), Shape.of(4, 6, 1, 1));

    static Stream<Arguments> ways() {
        return SHAPES.stream().flatMap(s -> Stream.of(Layout.PLAIN, Nhwc.NHWC).flatMap(l ->
                Stream.of(DataType.FLOAT32, DataType.FLOAT64).map(t -> Arguments.of(t, s, l))));
    }

    private static int at(Shape s, int... index) {
        int i = 0;
        for (int a = 0; a < s.rank(); a++) {
            i = i * s.dim(a) + index[a];
        }
        return i;
    }

    /** The elements of a tensor of rank 4 by their indices. */
    private static double[] each(Shape s, ToDoubleFunction<int[]> f) {
        double[] y = new double[Math.toIntExact(s.elements())];
        for (int i = 0; i < y.length; i++) {
            int[] index = new int[s.rank()];
            int rest = i;
            for (int a = s.rank() - 1; a >= 0; a--) {
                index[a] = rest % s.dim(a);
                rest /= s.dim(a);
            }
            y[i] = f.applyAsDouble(index);
        }
        return y;
    }

    private static void require(Op op, DataType t, Shape s, Layout l, Shape out, boolean same,
                                BiFunction<double[], int[], Double> f) {
        try (KernelRun k = new KernelRun(2)) {
            double[] x = KernelRun.numbers(1, s.elements());
            KernelRun.Input in = KernelRun.input(t, s, l, x);
            KernelRun.Result r = k.run(op, in);
            assertArrayEquals(each(out, i -> f.apply(x, i)), r.only(), 0, op + " of " + s + " " + l);
            if (same) {
                boolean last = in.layout().equals(Nhwc.NHWC) && !Nhwc.same(out);
                assertEquals(last ? Nhwc.NHWC : Layout.PLAIN, r.layouts().get(0));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void transposes(DataType t, Shape s, Layout l) {
        for (List<Integer> p : List.of(List.of(0, 1, 2, 3), List.of(0, 2, 3, 1), List.of(0, 3, 1, 2),
                List.of(3, 2, 1, 0), List.of(1, 0, 2, 3), List.of(0, 1, 3, 2))) {
            Shape out = Shape.of(p.stream().map(s::dim).toList());
            require(new Transpose(p), t, s, l, out, false, (x, i) -> {
                int[] from = new int[4];
                for (int a = 0; a < 4; a++) {
                    from[p.get(a)] = i[a];
                }
                return x[at(s, from)];
            });
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void slicesStayInTheLayoutOfTheirInput(DataType t, Shape s, Layout l) {
        Shape size = Shape.of(1, (s.dim(1) + 1) / 2, (s.dim(2) + 1) / 2, s.dim(3));
        List<Integer> from = List.of(s.dim(0) - 1, s.dim(1) / 2, s.dim(2) / 2, 0);
        require(new Slice(from, size), t, s, l, size, true, (x, i) -> x[at(s, i[0] + from.get(0), i[1] + from.get(1),
                i[2] + from.get(2), i[3])]);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void paddingStaysInTheLayoutOfItsInput(DataType t, Shape s, Layout l) {
        Shape out = Shape.of(s.dim(0), s.dim(1) + 1, s.dim(2) + 3, s.dim(3) + 2);
        require(new Pad(List.of(0, 1, 2, 0), List.of(0, 0, 1, 2), -7), t, s, l, out, true, (x, i) -> {
            int c = i[1] - 1;
            int h = i[2] - 2;
            boolean inside = c >= 0 && h >= 0 && h < s.dim(2) && i[3] < s.dim(3);
            return inside ? x[at(s, i[0], c, h, i[3])] : -7;
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void broadcastsStayInTheLayoutOfTheirInput(DataType t, Shape s, Layout l) {
        for (int a = 0; a < 4; a++) {
            int axis = a;
            Shape from = s.with(axis, 1);
            require(new Broadcast(s), t, from, l, s, false, (x, i) -> {
                int[] j = i.clone();
                j[axis] = 0;
                return x[at(from, j)];
            });
        }
        require(new Broadcast(s), t, Shape.of(s.dim(1), 1, 1), Layout.PLAIN, s, false, (x, i) -> x[i[1]]);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void concatenationReadsEachInputAsItLies(DataType t, Shape s, Layout l) {
        for (int axis = 0; axis < 4; axis++) {
            int a = axis;
            Shape more = s.with(axis, 3);
            Shape out = s.with(axis, s.dim(axis) + 3);
            double[] x = KernelRun.numbers(1, s.elements());
            double[] y = KernelRun.numbers(2, more.elements());
            double[] expected = each(out, i -> {
                int[] j = i.clone();
                j[a] -= s.dim(a);
                return j[a] < 0 ? x[at(s, i)] : y[at(more, j)];
            });
            for (Layout other : List.of(l, Layout.PLAIN)) {
                try (KernelRun k = new KernelRun(2)) {
                    assertArrayEquals(expected, k.run(new Concatenate(axis), KernelRun.input(t, s, l, x),
                            KernelRun.input(t, more, other, y)).only(), 0, "axis " + axis + " of " + s);
                }
            }
        }
    }

    @Test
    void channelsLastAreConcatenatedWithoutReorder() {
        try (KernelRun k = new KernelRun(2)) {
            KernelRun.Input x = KernelRun.input(DataType.FLOAT32, Shape.of(2, 3, 2, 2), Nhwc.NHWC, new double[24]);
            assertEquals(List.of(Nhwc.NHWC), k.run(new Concatenate(1), x, x).layouts());
        }
    }
}

package org.mocha4j.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Pooling.Divisor;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.api.ops.Pooling.Rounding;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.Values;

/**
 * Ops on images that come from a convolution, in whatever layout the backend's convolutions make: values and gradients
 * are those of the reference, for numbers of channels around the widths of vectors.
 */
class AfterConvolutionTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";
    private static Session single;
    private static Session twofold;

    @BeforeAll
    static void open() {
        Setup reference = Backends.named("reference");
        single = reference.open();
        twofold = reference.with(DataType.FLOAT64).open();
    }

    @AfterAll
    static void close() {
        single.close();
        twofold.close();
    }

    /** x plus a convolution that is 0. */
    private static List<Value> behind(Graph g, Op op, List<Value> in) {
        int n = in.size();
        List<Value> to = new ArrayList<>(in.subList(0, n - 2));
        Value zero = g.op(new Convolution(Window.of(1), 1), in.get(n - 2), in.get(n - 1));
        to.set(0, g.op(new Add(), zero, in.get(0)));
        return g.ops(op, to.toArray(Value[]::new));
    }

    /** Values and gradients equal those of the reference without the convolution. */
    private static void check(Setup b, Session s, Op op, int terms, Array... inputs) {
        Session trusted = b.type() == DataType.FLOAT32 ? single : twofold;
        List<Array> in = Stream.of(inputs).map(a -> a.as(b.type())).toList();
        Shape x = in.get(0).shape();
        List<Array> with = new ArrayList<>(in);
        with.add(Array.filled(new Spec(b.type(), x), 0));
        with.add(Array.filled(new Spec(b.type(), Shape.of(x.dim(1), x.dim(1), 1, 1)), 0));
        String what = b + " " + op + " of " + x;
        double tolerance = Closeness.tolerance(b.type(), terms);
        Closeness.require(what, s.evaluate(with, (g, v) -> behind(g, op, v)),
                trusted.evaluate(in, (g, v) -> g.ops(op, v.toArray(Value[]::new))), tolerance);
        List<Array> weights = new ArrayList<>();
        op.infer(in.stream().map(Array::spec).toList())
                .forEach(y -> weights.add(Values.between(-1, 1, 9 + weights.size(), y.shape().dims()).as(b.type())));
        List<Array> found = s.gradients(with, weights, (g, v) -> behind(g, op, v));
        List<Array> expected = trusted.gradients(in, weights, (g, v) -> g.ops(op, v.toArray(Value[]::new)));
        Closeness.require(what + ": gradient", List.of(found.get(0)), List.of(expected.get(0)), 4 * tolerance);
    }

    private static Stream<Integer> channels() {
        return Stream.of(1, 2, 4, 7, 8, 16, 20, 33, 50);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void poolings(Setup b) {
        List<Window> windows = List.of(Window.of(2, 2), Window.of(3, 2), Window.of(3, 1, 1), Window.of(1, 2),
                Window.of(5, 1, 2), new Window(new Size(3, 2), new Size(2, 3), new Size(1, 0), null),
                new Window(new Size(8, 7), null, null, null), new Window(Size.of(20), Size.of(20), Size.of(8), null));
        try (Session s = b.open()) {
            channels().forEach(c -> windows.forEach(w -> {
                Array x = Values.distinct(1, 2, c, 7, 8);
                check(b, s, new Pooling(Kind.MAX, w, null, Rounding.CEIL), 1, x);
                for (Divisor d : Divisor.values()) {
                    check(b, s, new Pooling(Kind.MEAN, w, d, Rounding.CEIL), 56, x);
                }
            }));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void maximaOfNaNAndTies(Setup b) {
        try (Session s = b.open()) {
            channels().forEach(c -> Stream.of(Window.of(2, 2), Window.of(3, 2, 1), Window.of(2, 1)).forEach(w -> {
                double[] v = new double[2 * c * 36];
                for (int i = 0; i < v.length; i++) {
                    int k = i * 7919 % 11 * (i % 3 + 1) % 5;
                    boolean nan = k == 0 || i % 36 < 9 && i / 36 % 2 == 0;
                    v[i] = nan ? Double.NaN : k == 1 ? Double.NEGATIVE_INFINITY : k - 2;
                }
                check(b, s, new Pooling(Kind.MAX, w, null, Rounding.CEIL), 1, Array.of(Shape.of(2, c, 6, 6), v));
            }));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void localResponseNormalisations(Setup b) {
        try (Session s = b.open()) {
            channels().forEach(c -> {
                Array x = Values.distinct(1, 2, c, 5, 6);
                for (LRN.Mode m : LRN.Mode.values()) {
                    for (int size : new int[] {1, 2, 3, 4, 5, 8}) {
                        LRN op = new LRN(m, size, 0.8, 1.2, size == 4 ? 0.6 : size == 8 ? -1.3 : size == 2 ? 2 : 0.75);
                        check(b, s, op, 2 * op.neighbours(), x);
                    }
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void batchNormalisation(Setup b) {
        try (Session s = b.open()) {
            channels().forEach(c -> check(b, s, new BatchNorm(1e-3), 200, Values.distinct(1, 3, c, 5, 6),
                    Values.between(0.5, 1.5, 2, c), Values.distinct(3, c)));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void softmaxAndItsLoss(Setup b) {
        try (Session s = b.open()) {
            channels().forEach(c -> {
                Array x = Values.distinct(1, 2, c, 5, 40);
                for (int axis = 0; axis < 4; axis++) {
                    check(b, s, new Softmax(axis), x.shape().dim(axis), x);
                }
                check(b, s, new SoftmaxLoss(1), 8 * c, x, Values.whole(c, 2, 2, 1, 5, 40));
            });
        }
    }

    /** The gradients of filters and bias are fused on some backends, here where the images come after the bias's gradient. */
    @ParameterizedTest
    @MethodSource(ALL)
    void imagesThatAreComputedAfterTheSumOfTheGradient(Setup b) {
        List<Array> in = Stream.of(Values.distinct(1, 2, 9, 6, 5), Values.distinct(2, 2, 17, 6, 5)).map(a -> a.as(b.type())).toList();
        BiFunction<Graph, List<Value>, List<Value>> f = (g, v) -> {
            Value bias = Ops.sum(g, v.get(1), List.of(0, 2, 3));
            Value x = Ops.multiply(g, v.get(0), Ops.broadcast(g, Ops.sumAll(g, bias), v.get(0).shape()));
            return List.of(bias, g.op(new ConvolutionFilterGradient(new Convolution(Window.of(3, 1, 1), 1)), x, v.get(1)));
        };
        Session trusted = b.type() == DataType.FLOAT32 ? single : twofold;
        try (Session s = b.open()) {
            List<Array> expected = trusted.evaluate(in, f);
            Closeness.require(b.toString(), s.evaluate(in, f), expected, Closeness.tolerance(b.type(), 400));
        }
    }
}

package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mocha4j.cpu.internal.FastTest.SIZES;
import static org.mocha4j.cpu.internal.FastTest.near;
import static org.mocha4j.cpu.internal.FastTest.open;
import static org.mocha4j.cpu.internal.FastTest.same;
import static org.mocha4j.cpu.internal.FastTest.unit;
import static org.mocha4j.cpu.internal.Trial.random;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.ops.Abs;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.BatchNormGradient;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Broadcast;
import org.mocha4j.api.ops.Concatenate;
import org.mocha4j.api.ops.Divide;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.api.ops.FusedElementwise.Instruction;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Max;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pad;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.Select;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.SigmoidGradient;
import org.mocha4j.api.ops.Sign;
import org.mocha4j.api.ops.Slice;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxGradient;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;
import org.mocha4j.api.ops.Tanh;
import org.mocha4j.api.ops.Transpose;

/** Everything but products against the reference, on awkward sizes and special values. */
class FastLoopsTest {
    static final List<Elementwise> PRIMITIVES = List.of(new Affine(0.3, -2), new Exp(), new Log(), new Tanh(),
            new Pow(2), new Pow(0.5), new Pow(-1), new Pow(-0.5), new Pow(3), new Pow(0), new Abs(), new Sign(),
            new Add(), new Multiply(), new Divide(), new Max(), new Select(Select.Comparison.LESS),
            new Select(Select.Comparison.LESS_OR_EQUAL), new Select(Select.Comparison.EQUAL));

    /** Multiples of ½ in −3 … 3, so that values meet, and every special value. */
    private static HostTensor special(DataType type, long seed, int n) {
        HostTensor t = random(type, seed, n);
        double[] s = {Double.NaN, 0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 88.9, -104, 1e-30,
                -3e-6};
        for (int i = 0; i < n; i++) {
            t.set(i, Math.rint(t.get(i) * 6) / 2);
            if (n > 8 && i % 7 == seed % 7) {
                t.set(i, s[i / 7 % s.length]);
            }
        }
        return t;
    }

    @EachType
    void elementwise(DataType type) {
        try (Device d = open("auto", 2)) {
            for (int n : new int[] {1, 3, 7, 8, 13, 64, 65, 40000}) {
                HostTensor[] in = {special(type, 1, n), special(type, 2, n), special(type, 3, n), special(type, 4, n)};
                for (Elementwise op : PRIMITIVES) {
                    same(d, op, 1, java.util.Arrays.copyOf(in, op.arity()));
                }
                for (Op op : List.of(new Relu(), new Sigmoid())) {
                    same(d, op, 1, in[0]);
                }
                for (Op op : List.of(new ReluGradient(), new SigmoidGradient(), new Dropout(0.4))) {
                    same(d, op, 1, in[0], in[1]);
                }
            }
        }
    }

    @EachType
    void fusedRunsEqualTheirPartsBitByBit(DataType type) {
        FusedElementwise op = new FusedElementwise(3, List.of(new Instruction(new Multiply(), List.of(0, 2)),
                new Instruction(new Add(), List.of(3, 1)), new Instruction(new Affine(0.7, 0.1), List.of(4)),
                new Instruction(new Max(), List.of(5, 0))), List.of(6, 4, 1), Shape.of(3, 7000));
        try (Device d = open("auto", 2)) {
            HostTensor a = random(type, 1, 3, 7000);
            HostTensor b = random(type, 2, 3, 7000);
            HostTensor c = random(type, 3, 1, 1);
            same(d, op, 1, a, b, c);
            Trial t = Trial.of(d, op, a, b, c);
            t.step().run();
            HostTensor c3 = Trial.run(d, new org.mocha4j.api.ops.Broadcast(Shape.of(3, 7000)), c);
            HostTensor sum = Trial.run(d, new Add(), Trial.run(d, new Multiply(), a, c3), b);
            near("sum", sum, t.outputs().get(1), 0);
            near("max", Trial.run(d, new Max(), Trial.run(d, new Affine(0.7, 0.1), sum), a), t.outputs().get(0), 0);
            near("input", b, t.outputs().get(2), 0);
        }
    }

    @EachWay
    void pooling(String vector, DataType type) {
        int[][] windows = {{2, 2, 2, 2, 0, 0}, {3, 3, 2, 2, 0, 0}, {3, 2, 1, 3, 1, 1}, {5, 7, 3, 2, 2, 6},
                {1, 1, 3, 2, 0, 0}};
        try (Device d = open(vector, 2); Device plain = Trial.reference()) {
            for (int[] w : windows) {
                Window window = new Window(new Size(w[0], w[1]), new Size(w[2], w[3]), new Size(w[4], w[5]), null);
                for (int size : new int[] {7, 8, 13, 64}) {
                    for (Pooling.Rounding rounding : Pooling.Rounding.values()) {
                        for (Pooling.Divisor divisor : Pooling.Divisor.values()) {
                            pooling(d, plain, type, new Pooling(Pooling.Kind.MEAN, window, divisor, rounding), size);
                        }
                        pooling(d, plain, type, new Pooling(Pooling.Kind.MAX, window, Pooling.Divisor.KERNEL, rounding),
                                size);
                    }
                }
            }
        }
    }

    private static void pooling(Device d, Device plain, DataType type, Pooling op, int size) {
        HostTensor x = HostTensor.wrap(Spec.of(type, 2, 3, size, size + 1),
                special(type, size, 6 * size * (size + 1)).array());
        HostTensor finite = random(type, 4, 2, 3, size, size + 1);
        HostTensor image = op.kind() == Pooling.Kind.MAX ? x : finite;
        same(d, op, 50, image);
        Trial forward = Trial.of(d, op, image);
        forward.step().run();
        HostTensor y = forward.outputs().get(0);
        HostTensor dy = random(type, 5, y.shape().dims());
        HostTensor expected = Trial.run(plain, new PoolingGradient(op), image, y, dy);
        Trial saved = Trial.of(d, new PoolingGradient(op), Optional.of(forward), image, y, dy);
        saved.step().run();
        assertEquals(List.of(false, false, true),
                List.of(saved.plan().reads(0), saved.plan().reads(1), saved.plan().reads(2)));
        near(op + " gradient", expected, saved.outputs().get(0), 100 * unit(type));
        near(op + " gradient without saved places", expected, Trial.run(d, new PoolingGradient(op), image, y, dy),
                100 * unit(type));
    }

    @EachWay
    void sumsBiasesAndSoftmax(String vector, DataType type) {
        try (Device d = open(vector, 2)) {
            for (int n : SIZES) {
                int[] shape = {n, 5, 3, n % 9 + 1};
                HostTensor x = random(type, n, shape);
                for (List<Integer> axes : List.of(List.of(0), List.of(3), List.of(0, 2, 3), List.of(1), List.of(1, 2),
                        List.of(0, 1, 2, 3), List.of(2, 3))) {
                    same(d, new Reduce(Reduce.Kind.SUM, axes), 15 * n, x);
                }
                for (int axis = 0; axis < 4; axis++) {
                    same(d, new Bias(axis), 1, x, random(type, 9, shape[axis]));
                    same(d, new Softmax(axis), 1, x);
                    same(d, new SoftmaxGradient(axis), shape[axis], x, random(type, 10, shape));
                    HostTensor labels = HostTensor.allocate(Spec.of(type,
                            x.elements() / shape[axis]));
                    for (int i = 0; i < labels.elements(); i++) {
                        labels.set(i, i * 7 % shape[axis]);
                    }
                    same(d, new SoftmaxLoss(axis), 1, x, labels);
                    same(d, new SoftmaxLossGradient(axis), 1, x, labels, Trial.numbers(type, new int[0], 0.5));
                }
            }
            HostTensor wide = random(type, 1, 70, 1300);
            same(d, new Reduce(Reduce.Kind.SUM, List.of(0)), 70, wide);
            same(d, new Reduce(Reduce.Kind.SUM, List.of(1)), 1300, wide);
            same(d, new Softmax(1), 1, wide);
        }
    }

    @EachType
    void updates(DataType type) {
        try (Device d = open("auto", 2)) {
            for (int n : new int[] {1, 3, 7, 8, 13, 64, 65, 40000}) {
                HostTensor w = random(type, 1, n);
                HostTensor g = random(type, 2, n);
                HostTensor m = random(type, 3, n);
                HostTensor v = Trial.run(d, new Abs(), random(type, 4, n));
                HostTensor rate = Trial.numbers(type, new int[0], 0.01);
                HostTensor other = Trial.numbers(type, new int[0], 0.9);
                same(d, new SgdUpdate(), 1, w, g, m, rate, other);
                same(d, new AdamUpdate(0.9, 0.999, 1e-8), 4, w, g, m, v, rate, other, other);
            }
        }
    }

    @EachType
    void moves(DataType type) {
        try (Device d = open("auto", 2)) {
            for (int n : new int[] {1, 3, 7, 8, 13, 64, 200}) {
                HostTensor x = random(type, n, n, 3, 1, 130);
                same(d, new Transpose(List.of(3, 1, 0, 2)), 1, x);
                same(d, new Transpose(List.of(0, 2, 1, 3)), 1, x);
                same(d, new Slice(List.of(n / 2, 1, 0, 30), Shape.of(n - n / 2, 2, 1, 99)), 1, x);
                same(d, new Pad(List.of(1, 0, 2, 3), List.of(0, 1, 0, 4), -5), 1, x);
                same(d, new Concatenate(2), 1, x, x, x);
                same(d, new Concatenate(-1), 1, x, x);
                same(d, new Broadcast(Shape.of(2, n, 3, 4, 130)), 1, x);
                same(d, new Broadcast(Shape.of(n, 5, 9)), 1, random(type, 1, 5, 1));
                same(d, new Broadcast(Shape.of(n, 5)), 1, random(type, 1));
            }
        }
    }

    @EachType
    void batchNormalisation(DataType type) {
        try (Device d = open("auto", 2)) {
            for (int[] shape : new int[][] {{1, 1}, {13, 7}, {3, 5, 8}, {8, 3, 13, 7}, {2, 65, 3, 1}}) {
                HostTensor x = random(type, 1, shape);
                HostTensor scale = random(type, 2, shape[1]);
                HostTensor shift = random(type, 3, shape[1]);
                HostTensor variance = Trial.run(d, new Abs(), random(type, 4, shape[1]));
                same(d, new BatchNorm(0.01), 100, x, scale, shift);
                same(d, new BatchNormGradient(0.01), 200, x, scale, shift, variance, random(type, 5, shape));
            }
        }
    }
}

package org.mocha4j.cpu.internal;

import static org.mocha4j.cpu.internal.Trial.random;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.ops.AdamUpdate;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.Elementwise;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRNGradient;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;

/** A sample of every kind of kernel, and a hash of the bits it gives. As a program: prints name and hash of each. */
final class Samples {
    private Samples() {
    }

    /** @param scale 1 for small tensors, more for such that are split into several parts */
    static Map<String, Trial> all(Device d, DataType type, int scale) {
        Map<String, Trial> m = new LinkedHashMap<>();
        int n = 75 * scale;
        HostTensor[] v = new HostTensor[4];
        for (int i = 0; i < 4; i++) {
            v[i] = random(type, i, n, scale);
        }
        for (Elementwise op : FastLoopsTest.PRIMITIVES) {
            put(m, d, op, Arrays.copyOf(v, op.arity()));
        }
        put(m, d, new Sigmoid(), v[0]);
        put(m, d, new FusedElementwise(2, List.of(new FusedElementwise.Instruction(new Multiply(), List.of(0, 1)),
                new FusedElementwise.Instruction(new Affine(3, 1), List.of(2)),
                new FusedElementwise.Instruction(new Add(), List.of(3, 0))), List.of(4), Shape.of(n, scale)), v[0],
                v[1]);
        put(m, d, new Softmax(0), v[0]);
        put(m, d, new Reduce(Reduce.Kind.SUM, List.of(0, 1)), v[0]);
        put(m, d, new Reduce(Reduce.Kind.SUM, List.of(0)), v[0]);
        HostTensor one = Trial.numbers(type, new int[0], 0.3);
        put(m, d, new SgdUpdate(), v[0], v[1], v[2], one, one);
        put(m, d, new AdamUpdate(0.9, 0.99, 1e-8), v[0], v[1], v[2], v[3], one, one, one);
        HostTensor labels = HostTensor.allocate(Spec.of(type, scale));
        put(m, d, new SoftmaxLoss(0), v[0], labels);
        put(m, d, new SoftmaxLossGradient(0), v[0], labels, one);
        HostTensor counters = HostTensor.allocate(Spec.of(DataType.INT64, 2));
        put(m, d, new Random(Distribution.normal(0, 1), 5, Spec.of(type, n)), counters);
        put(m, d, new Random(Distribution.uniform(), 5, Spec.of(type, n)), counters);
        images(m, d, type, scale);
        return m;
    }

    private static void images(Map<String, Trial> m, Device d, DataType type, int scale) {
        HostTensor a = random(type, 1, 6 * scale, 13);
        HostTensor b = random(type, 2, 19 * scale, 13);
        put(m, d, new MatMul(false, true), a, b);
        put(m, d, new MatMul(true, false), a, a);
        put(m, d, new MatMulBias(new MatMul(false, true), new Sigmoid()), a, b, random(type, 3, 19 * scale));
        HostTensor x = random(type, 4, scale, 2, 9, 20);
        HostTensor f = random(type, 5, 5, 2, 3, 3);
        Convolution c = new Convolution(Window.of(3, 1, 1), 1);
        HostTensor y = random(type, 6, scale, 5, 9, 20);
        put(m, d, new ConvolutionBias(c, new Relu()), x, f, random(type, 7, 5));
        put(m, d, new ConvolutionDataGradient(c, 9, 20), f, y);
        put(m, d, new ConvolutionFilterGradient(c), x, y);
        for (Pooling.Kind kind : Pooling.Kind.values()) {
            Pooling p = new Pooling(kind, Window.of(3, 2), Pooling.Divisor.KERNEL, Pooling.Rounding.CEIL);
            Trial t = put(m, d, p, x);
            put(m, d, new PoolingGradient(p), x, t.outputs().get(0),
                    random(type, 8, t.outputs().get(0).shape().dims()));
        }
        for (double power : new double[] {0.75, 0.5, 0.3}) {
            for (LRN.Mode mode : LRN.Mode.values()) {
                LRN op = new LRN(mode, 3, 0.7, 1, power);
                put(m, d, new LRNGradient(op), x, put(m, d, op, x).outputs().get(0),
                        random(type, 11, x.shape().dims()));
            }
        }
        put(m, d, new BatchNorm(1e-5), x, random(type, 9, 2), random(type, 10, 2));
    }

    private static Trial put(Map<String, Trial> m, Device d, Op op, HostTensor... in) {
        Trial t = Trial.of(d, op, in);
        m.put(op.toString(), t);
        return t;
    }

    /** The bits of all outputs after one run. */
    static int bits(Trial t) {
        t.step().run();
        int h = 1;
        for (HostTensor y : t.outputs()) {
            for (int i = 0; i < y.elements(); i++) {
                h = 31 * h + Double.hashCode(y.get(i));
            }
        }
        return h;
    }

    public static void main(String[] args) {
        try (Device d = FastTest.open(args[0], 1)) {
            all(d, DataType.valueOf(args[1]), 1)
                    .forEach((name, t) -> System.out.println("bits " + name + " = " + bits(t)));
        }
    }
}

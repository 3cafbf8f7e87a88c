package org.mocha4j.cpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.mocha4j.cpu.internal.Trial.random;

import java.util.Map;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.Sigmoid;

/** Products against the reference on awkward sizes, with vectors and without; bits for any number of threads. */
class FastTest {
    static final int[] SIZES = {1, 3, 7, 8, 13, 64, 65};

    static Device open(String vector, int threads) {
        return CpuBackend.cpu().open(new DeviceOptions(threads, false, Map.of("vector", vector)));
    }

    /** What one rounding may do, nearly. */
    static double unit(DataType type) {
        return type == DataType.FLOAT32 ? 1e-7 : 2e-16;
    }

    /** Compares with the reference; the tolerance grows with the length of the sums. */
    static void same(Device fast, Op op, int length, HostTensor... in) {
        try (Device plain = Trial.reference()) {
            Trial e = Trial.of(plain, op, in);
            e.step().run();
            Trial t = Trial.of(fast, op, in);
            assertNotEquals("reference", t.plan().kernel(), op.toString());
            t.step().run();
            t.step().run();
            for (int o = 0; o < e.outputs().size(); o++) {
                near(op.toString(), e.outputs().get(o), t.outputs().get(o),
                        2 * unit(e.outputs().get(o).spec().type()) * (4 + length));
            }
        }
    }

    static void near(String what, HostTensor expected, HostTensor found, double tolerance) {
        for (int i = 0; i < expected.elements(); i++) {
            double e = expected.get(i);
            double f = found.get(i);
            if (Double.isNaN(e) != Double.isNaN(f) || Math.abs(e - f) > tolerance * Math.max(1, Math.abs(e))) {
                fail(what + " " + expected.spec() + " at " + i + ": expected " + e + ", found " + f);
            }
        }
    }

    @EachWay
    void matrixProducts(String vector, DataType type) {
        try (Device d = open(vector, 2)) {
            for (int m : SIZES) {
                for (int n : SIZES) {
                    for (int k : SIZES) {
                        int form = (m + n + k) % 4;
                        product(d, type, form % 2 == 1, form > 1, m, n, k);
                    }
                }
            }
            for (int form = 0; form < 4; form++) {
                product(d, type, form % 2 == 1, form > 1, 65, 300, 1100);
                product(d, type, form % 2 == 1, form > 1, 270, 9, 130);
                product(d, type, form % 2 == 1, form > 1, 5, 600, 33);
                product(d, type, form % 2 == 1, form > 1, 3, 4, 0);
            }
        }
    }

    private static void product(Device d, DataType type, boolean ta, boolean tb, int m, int n, int k) {
        int batch = m % 3 + 1;
        HostTensor a = ta ? random(type, m, batch, k, m) : random(type, m, batch, m, k);
        HostTensor b = tb ? random(type, n, batch, n, k) : random(type, n, batch, k, n);
        same(d, new MatMul(ta, tb), k, a, b);
    }

    @EachWay
    void productsWithBias(String vector, DataType type) {
        try (Device d = open(vector, 2); Device plain = Trial.reference()) {
            for (Op activation : new Op[] {null, new Relu(), new Sigmoid()}) {
                HostTensor a = random(type, 1, 13, 70);
                HostTensor w = random(type, 2, 65, 70);
                HostTensor bias = random(type, 3, 65);
                HostTensor e = Trial.run(plain, new Bias(-1), Trial.run(plain, new MatMul(false, true), a, w), bias);
                near("product", activation == null ? e : Trial.run(plain, activation, e),
                        Trial.run(d, new MatMulBias(new MatMul(false, true), activation), a, w, bias),
                        200 * unit(type));
                Convolution c = new Convolution(new Window(Size.of(3), Size.of(2), Size.of(1), null), 2);
                HostTensor x = random(type, 4, 3, 4, 9, 11);
                HostTensor f = random(type, 5, 6, 2, 3, 3);
                bias = random(type, 6, 6);
                e = Trial.run(plain, new Bias(1), Trial.run(plain, c, x, f), bias);
                near("convolution", activation == null ? e : Trial.run(plain, activation, e),
                        Trial.run(d, new ConvolutionBias(c, activation), x, f, bias), 200 * unit(type));
            }
        }
    }

    /** n, c, h, w, f, groups, kw, kh, sw, sh, pw, ph, dw, dh. */
    static final int[][] CONVOLUTIONS = {
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1}, {3, 1, 28, 28, 20, 1, 5, 5, 1, 1, 0, 0, 1, 1},
        {9, 20, 12, 12, 50, 1, 5, 5, 1, 1, 0, 0, 1, 1}, {2, 6, 13, 7, 8, 2, 3, 3, 2, 2, 1, 1, 1, 1},
        {1, 3, 64, 65, 7, 1, 7, 3, 2, 3, 3, 1, 1, 1}, {2, 4, 9, 8, 4, 4, 3, 3, 1, 1, 2, 2, 2, 3},
        {5, 65, 3, 3, 13, 1, 1, 1, 1, 1, 0, 0, 1, 1}, {2, 13, 8, 8, 65, 13, 2, 4, 1, 1, 1, 3, 1, 1},
        {1, 130, 40, 33, 5, 1, 3, 3, 1, 1, 1, 1, 1, 1}, {2, 2, 5, 5, 3, 1, 5, 5, 4, 4, 4, 4, 1, 1},
        {1, 1, 7, 64, 3, 1, 1, 7, 3, 1, 2, 0, 1, 1}, {8, 3, 32, 32, 32, 1, 5, 5, 1, 1, 2, 2, 1, 1},
        // rows that are shorter than a vector, as long, or end within one; the turned and the folded gradient
        {3, 5, 12, 12, 9, 1, 5, 5, 1, 1, 0, 0, 1, 1}, {2, 3, 16, 16, 5, 1, 3, 3, 1, 1, 1, 1, 1, 1},
        {2, 8, 6, 6, 4, 1, 3, 3, 1, 1, 0, 0, 1, 1}, {2, 4, 14, 14, 8, 1, 1, 1, 1, 1, 0, 0, 1, 1},
        {2, 3, 27, 27, 6, 1, 3, 3, 1, 1, 0, 0, 1, 1}, {1, 2, 20, 37, 3, 1, 2, 2, 1, 1, 0, 0, 1, 1},
        {2, 3, 15, 15, 4, 1, 3, 3, 1, 1, 1, 1, 2, 2}, {1, 6, 21, 22, 6, 3, 4, 3, 1, 1, 3, 2, 1, 1},
        {3, 34, 9, 9, 33, 1, 3, 3, 1, 1, 2, 2, 1, 1},
        // a last band of rows that ends within a vector, at the end of the image
        {1, 1, 37, 20, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1}, {2, 3, 75, 12, 5, 1, 1, 1, 1, 1, 0, 0, 1, 1}};

    @EachWay
    void convolutions(String vector, DataType type) {
        try (Device d = open(vector, 2)) {
            for (int[] v : CONVOLUTIONS) {
                Convolution op = convolution(v);
                HostTensor x = random(type, 1, v[0], v[1], v[2], v[3]);
                HostTensor f = random(type, 2, v[4], v[1] / v[5], v[7], v[6]);
                int[] y = op.infer(x.spec(), f.spec()).shape().dims();
                HostTensor dy = random(type, 3, y);
                same(d, op, v[1] / v[5] * v[6] * v[7], x, f);
                same(d, new ConvolutionDataGradient(op, v[2], v[3]), v[4] / v[5] * v[6] * v[7], f, dy);
                same(d, new ConvolutionFilterGradient(op), y[0] * y[2] * y[3], x, dy);
            }
        }
    }

    static Convolution convolution(int[] v) {
        return new Convolution(new Window(new Size(v[6], v[7]), new Size(v[8], v[9]), new Size(v[10], v[11]),
                new Size(v[12], v[13])), v[5]);
    }
}

package org.mocha4j.cpu.internal;

import static org.mocha4j.cpu.internal.Trial.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.ConvolutionBias;
import org.mocha4j.api.ops.ConvolutionDataGradient;
import org.mocha4j.api.ops.ConvolutionFilterGradient;
import org.mocha4j.api.ops.MatMul;
import org.mocha4j.api.ops.MatMulBias;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.PoolingGradient;
import org.mocha4j.api.ops.Reduce;
import org.mocha4j.api.ops.Relu;
import org.mocha4j.api.ops.ReluGradient;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.SoftmaxLossGradient;

/** Times the kernels of one LeNet training step, batch 64. Arguments: threads, vector mode, rounds, type. */
final class LeNetTime {
    private final Device device;
    private final DataType type;
    private final List<String> names = new ArrayList<>();
    private final List<Trial> trials = new ArrayList<>();

    private LeNetTime(Device device, DataType type) {
        this.device = device;
        this.type = type;
    }

    public static void main(String[] args) {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : 0;
        String vector = args.length > 1 ? args[1] : "auto";
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 400;
        DataType type = args.length > 3 ? DataType.valueOf(args[3]) : DataType.FLOAT32;
        try (Device d = CpuBackend.cpu().open(new DeviceOptions(threads, false, Map.of("vector", vector)))) {
            LeNetTime t = new LeNetTime(d, type);
            t.build();
            t.measure(rounds);
        }
    }

    private Trial add(String name, Op op, HostTensor... in) {
        return add(name, op, Optional.empty(), in);
    }

    private Trial add(String name, Op op, Optional<Trial> forward, HostTensor... in) {
        Trial t = Trial.of(device, op, forward, in);
        names.add(name);
        trials.add(t);
        return t;
    }

    private void build() {
        Convolution c = new Convolution(Window.of(5), 1);
        HostTensor x = random(type, 1, 64, 1, 28, 28);
        HostTensor y1 = random(type, 2, 64, 20, 24, 24);
        HostTensor x2 = random(type, 3, 64, 20, 12, 12);
        HostTensor y2 = random(type, 4, 64, 50, 8, 8);
        HostTensor x3 = random(type, 5, 64, 800);
        HostTensor y3 = random(type, 6, 64, 500);
        HostTensor y4 = random(type, 7, 64, 10);
        HostTensor p2 = random(type, 8, 64, 50, 4, 4);
        HostTensor w1 = random(type, 9, 20, 1, 5, 5);
        HostTensor w2 = random(type, 10, 50, 20, 5, 5);
        HostTensor w3 = random(type, 11, 500, 800);
        HostTensor w4 = random(type, 12, 10, 500);
        HostTensor label = HostTensor.allocate(Spec.of(type, 64));
        HostTensor one = Trial.numbers(type, new int[0], 1e-30);
        Pooling pool = new Pooling(Pooling.Kind.MAX, Window.of(2, 2), Pooling.Divisor.KERNEL, Pooling.Rounding.CEIL);
        MatMul product = new MatMul(false, true);
        add("conv1", new ConvolutionBias(c, null), x, w1, random(type, 1, 20));
        Trial pool1 = add("pool1", pool, y1);
        add("conv2", new ConvolutionBias(c, null), x2, w2, random(type, 1, 50));
        Trial pool2 = add("pool2", pool, y2);
        add("ip1", new MatMulBias(product, new Relu()), x3, w3, random(type, 1, 500));
        add("ip2", new MatMulBias(product, null), y3, w4, random(type, 1, 10));
        add("loss", new SoftmaxLoss(1), y4, label);
        add("loss'", new SoftmaxLossGradient(1), y4, label, one);
        add("ip2' weights", new MatMul(true, false), y4, y3);
        add("ip2' bias", new Reduce(Reduce.Kind.SUM, List.of(0)), y4);
        add("ip2' data", new MatMul(false, false), y4, w4);
        add("relu'", new ReluGradient(), y3, y3);
        add("ip1' weights", new MatMul(true, false), y3, x3);
        add("ip1' bias", new Reduce(Reduce.Kind.SUM, List.of(0)), y3);
        add("ip1' data", new MatMul(false, false), y3, w3);
        add("pool2'", new PoolingGradient(pool), Optional.of(pool2), y2, p2, p2);
        add("conv2' filters", new ConvolutionFilterGradient(c), x2, y2);
        add("conv2' bias", new Reduce(Reduce.Kind.SUM, List.of(0, 2, 3)), y2);
        add("conv2' data", new ConvolutionDataGradient(c, 12, 12), w2, y2);
        add("pool1'", new PoolingGradient(pool), Optional.of(pool1), y1, x2, x2);
        add("conv1' filters", new ConvolutionFilterGradient(c), x, y1);
        add("conv1' bias", new Reduce(Reduce.Kind.SUM, List.of(0, 2, 3)), y1);
        for (HostTensor w : List.of(w1, w2, w3, w4)) {
            add("update " + w.shape(), new SgdUpdate(), w, w, w, one, one);
        }
    }

    private void measure(int rounds) {
        long[][] times = new long[trials.size()][rounds];
        long[] total = new long[rounds];
        for (int r = 0; r < rounds; r++) {
            long start = System.nanoTime();
            long last = start;
            for (int i = 0; i < trials.size(); i++) {
                trials.get(i).step().run();
                long now = System.nanoTime();
                times[i][r] = now - last;
                last = now;
            }
            total[r] = last - start;
        }
        System.out.println("Java " + Runtime.version() + ", " + device.description());
        for (int i = 0; i < trials.size(); i++) {
            System.out.printf(Locale.ROOT, "%-24s %8.3f ms, best %8.3f  %s%n", names.get(i),
                    quantile(times[i], 0.5), quantile(times[i], 0), trials.get(i).plan().kernel());
        }
        System.out.printf(Locale.ROOT,
                "%-24s %8.3f ms, best %8.3f (medians over the last half of %d rounds; first %.1f)%n", "step",
                quantile(total, 0.5), quantile(total, 0), rounds, total[0] / 1e6);
    }

    private static double quantile(long[] t, double q) {
        long[] half = Arrays.copyOfRange(t, t.length / 2, t.length);
        Arrays.sort(half);
        return half[(int) (half.length * q)] / 1e6;
    }
}

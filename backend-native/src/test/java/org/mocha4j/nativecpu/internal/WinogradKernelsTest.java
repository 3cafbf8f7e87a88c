package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.nativecpu.internal.ConvolutionTask.Kind;

/**
 * Short filters of many channels, which all threads compute together, some of them in several blocks, and of few, where
 * each thread has blocks of its own; images with channels last. Elements picked at random are compared with their sums
 * in double.
 */
class WinogradKernelsTest {
    private static final int PICKED = 300;

    /** Shapes of a convolution with stride 1. */
    record Shapes(int n, int c, int h, int w, int f, int k, int pad) {
        private int oh() {
            return h + 2 * pad - k + 1;
        }

        private int ow() {
            return w + 2 * pad - k + 1;
        }

        private Spec x() {
            return Spec.of(DataType.FLOAT32, n, c, h, w);
        }

        private Spec filter() {
            return Spec.of(DataType.FLOAT32, f, c, k, k);
        }

        private Spec y() {
            return Spec.of(DataType.FLOAT32, n, f, oh(), ow());
        }

        private List<Spec> inputs(Kind kind) {
            return switch (kind) {
                case DATA -> List.of(filter(), y());
                case FILTER -> List.of(x(), y());
                case FORWARD, INFERENCE -> List.of(x(), filter(), Spec.of(DataType.FLOAT32, f));
            };
        }

        private List<Spec> outputs(Kind kind) {
            return switch (kind) {
                case DATA -> List.of(x());
                case FILTER -> List.of(filter(), Spec.of(DataType.FLOAT32, f));
                case FORWARD, INFERENCE -> List.of(y());
            };
        }

        private ConvolutionTask task(Kind kind) {
            Convolution op = new Convolution(Window.of(k, 1, pad), 1);
            return new ConvolutionTask(kind, op, x(), filter(), y(), kind != Kind.DATA, kind == Kind.INFERENCE);
        }

        /** The place of an element of the images with channels last; -1 in the padding. */
        private int image(int i, int channel, int row, int column) {
            boolean inside = row >= 0 && row < h && column >= 0 && column < w;
            return inside ? ((i * h + row) * w + column) * c + channel : -1;
        }

        /** Likewise of the output. */
        private int output(int i, int filter, int row, int column) {
            boolean inside = row >= 0 && row < oh() && column >= 0 && column < ow();
            return inside ? ((i * oh() + row) * ow() + column) * f + filter : -1;
        }

        private int tap(int filter, int channel, int row, int column) {
            return ((filter * c + channel) * k + row) * k + column;
        }
    }

    static Stream<Shapes> shapes() {
        return Stream.of(new Shapes(70, 261, 9, 11, 301, 3, 0), new Shapes(3, 256, 9, 7, 256, 3, 1),
                new Shapes(1, 300, 4, 5, 250, 3, 1), new Shapes(5, 190, 7, 9, 185, 5, 2),
                new Shapes(2, 130, 6, 6, 97, 5, 0), new Shapes(7, 67, 13, 8, 131, 3, 1),
                new Shapes(3, 20, 9, 7, 18, 3, 2), new Shapes(40, 9, 10, 12, 33, 5, 1));
    }

    private static float[] numbers(int seed, long n) {
        Random r = new Random(seed);
        float[] v = new float[Math.toIntExact(n)];
        for (int i = 0; i < v.length; i++) {
            v[i] = r.nextFloat() * 2 - 1;
        }
        return v;
    }

    /** Plans a task and runs it on tensors that lie as it wants them but for filters, which lie plain. */
    private static List<float[]> run(Kind kind, Shapes s, int threads, float[]... in) {
        try (KernelRun k = new KernelRun(threads)) {
            NativeDevice d = k.device;
            List<Spec> inputs = s.inputs(kind);
            List<Spec> outputs = s.outputs(kind);
            NativePlan p = new Winograd(d).plan(s.task(kind), new PlanRequest(d, inputs, outputs,
                    Collections.nCopies(inputs.size(), Layout.ANY), Optional.empty(), false));
            int filter = inputs.indexOf(s.filter());
            List<Allocation> wanted = new ArrayList<>();
            inputs.forEach(i -> wanted.add(new Allocation(i.type(), i.elements(), "input")));
            outputs.forEach(o -> wanted.add(new Allocation(o.type(), o.elements(), "output")));
            wanted.add(new Allocation(p.scratch().type(), p.scratch().elements(), "scratch"));
            wanted.add(new Allocation(DataType.INT64, 4, "status"));
            if (filter >= 0) {
                wanted.add(new Allocation(DataType.FLOAT32, p.inputs().get(filter).elements(s.filter()), "filter"));
            }
            List<Buffer> all = d.allocate(wanted);
            int n = inputs.size();
            int m = n + outputs.size();
            for (int i = 0; i < n; i++) {
                d.upload(HostTensor.wrap(inputs.get(i), in[i]), all.get(i));
            }
            List<Step> steps = new ArrayList<>();
            List<Buffer> bound = new ArrayList<>(all.subList(0, n));
            if (filter >= 0) {
                bound.set(filter, all.get(m + 2));
                steps.add(d.reorder(s.filter(), Layout.PLAIN, p.inputs().get(filter)).bind(
                        new Binding(List.of(all.get(filter)), List.of(all.get(m + 2)), null, null, all.get(m + 1))));
            }
            steps.add(p.bind(new Binding(bound, all.subList(n, m), all.get(m), null, all.get(m + 1))));
            try (Executable e = d.compile(steps)) {
                e.run();
            }
            List<float[]> found = new ArrayList<>();
            for (int i = n; i < m; i++) {
                HostTensor h = HostTensor.allocate(outputs.get(i - n));
                d.download(all.get(i), h);
                found.add((float[]) h.array());
            }
            d.free(all);
            return found;
        }
    }

    /** What one thread gives, after a look that more give the same bits. */
    private static List<float[]> same(Kind kind, Shapes s, float[]... in) {
        List<float[]> one = run(kind, s, 1, in);
        for (int threads = 2; threads <= 3; threads++) {
            List<float[]> more = run(kind, s, threads, in);
            for (int i = 0; i < one.size(); i++) {
                assertArrayEquals(one.get(i), more.get(i), "output " + i + " with " + threads + " threads");
            }
        }
        return one;
    }

    /** Tolerates what tiles lose: a few units in the sixth place of what a sum of so many random terms may be. */
    private static void close(double expected, float found, long terms, String what) {
        assertEquals(expected, found, 3e-5 * Math.sqrt(terms), what);
    }

    private static double at(float[] v, int place) {
        return place < 0 ? 0 : v[place];
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void forwardWithBiasAndReluIsTheSum(Shapes s) {
        float[] x = numbers(1, s.x().elements());
        float[] filter = numbers(2, s.filter().elements());
        float[] bias = numbers(3, s.f());
        float[] y = same(Kind.INFERENCE, s, x, filter, bias).get(0);
        Random r = new Random(4);
        for (int p = 0; p < PICKED; p++) {
            int i = r.nextInt(s.n());
            int f = r.nextInt(s.f());
            int row = r.nextInt(s.oh());
            int column = r.nextInt(s.ow());
            double sum = bias[f];
            for (int c = 0; c < s.c(); c++) {
                for (int a = 0; a < s.k(); a++) {
                    for (int b = 0; b < s.k(); b++) {
                        double v = at(x, s.image(i, c, row + a - s.pad(), column + b - s.pad()));
                        sum += v * filter[s.tap(f, c, a, b)];
                    }
                }
            }
            long terms = (long) s.c() * s.k() * s.k();
            close(Math.max(0, sum), y[s.output(i, f, row, column)], terms, "image " + i + ", filter " + f);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theGradientOfTheDataIsTheSum(Shapes s) {
        float[] filter = numbers(1, s.filter().elements());
        float[] dy = numbers(2, s.y().elements());
        float[] dx = same(Kind.DATA, s, filter, dy).get(0);
        Random r = new Random(3);
        for (int p = 0; p < PICKED; p++) {
            int i = r.nextInt(s.n());
            int c = r.nextInt(s.c());
            int row = r.nextInt(s.h());
            int column = r.nextInt(s.w());
            double sum = 0;
            for (int f = 0; f < s.f(); f++) {
                for (int a = 0; a < s.k(); a++) {
                    for (int b = 0; b < s.k(); b++) {
                        double v = at(dy, s.output(i, f, row - a + s.pad(), column - b + s.pad()));
                        sum += v * filter[s.tap(f, c, a, b)];
                    }
                }
            }
            long terms = (long) s.f() * s.k() * s.k();
            close(sum, dx[s.image(i, c, row, column)], terms, "image " + i + ", channel " + c);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theGradientsOfFiltersAndBiasAreTheSums(Shapes s) {
        float[] x = numbers(1, s.x().elements());
        float[] dy = numbers(2, s.y().elements());
        List<float[]> found = same(Kind.FILTER, s, x, dy);
        long terms = (long) s.n() * s.oh() * s.ow();
        Random r = new Random(3);
        for (int p = 0; p < PICKED; p++) {
            int f = r.nextInt(s.f());
            int c = r.nextInt(s.c());
            int a = r.nextInt(s.k());
            int b = r.nextInt(s.k());
            double sum = 0;
            double bias = 0;
            for (int i = 0; i < s.n(); i++) {
                for (int row = 0; row < s.oh(); row++) {
                    for (int column = 0; column < s.ow(); column++) {
                        double d = dy[s.output(i, f, row, column)];
                        bias += d;
                        sum += d * at(x, s.image(i, c, row + a - s.pad(), column + b - s.pad()));
                    }
                }
            }
            close(sum, found.get(0)[s.tap(f, c, a, b)], terms, "filter " + f + ", channel " + c);
            close(bias, found.get(1)[f], terms, "bias " + f);
        }
    }
}

package org.mocha4j.nativecpu.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.PlanRequest;

/** Runs kernels one at a time, on tensors that lie in given layouts; numbers are seen in row-major order. */
final class KernelRun implements AutoCloseable {
    /** What a kernel gave. @param status code, step, element, bits of the value */
    record Result(List<double[]> outputs, List<Layout> layouts, long[] status) {
        double[] only() {
            assertEquals(1, outputs.size());
            return outputs.get(0);
        }
    }

    /** A tensor and the layout in which it is offered. */
    record Input(Spec spec, double[] numbers, Layout layout) {
    }

    final NativeDevice device;

    /** Skips the test where no library was built. */
    KernelRun(int threads) {
        String missing = Probe.missing();
        assumeTrue(missing == null, "skipped: " + missing);
        device = (NativeDevice) new NativeBackend().open(DeviceOptions.threads(threads));
    }

    static Input input(DataType type, Shape s, Layout l, double... numbers) {
        return new Input(new Spec(type, s), numbers, Nhwc.same(s) ? Layout.PLAIN : l);
    }

    /** Numbers from -1 to 1 in steps of 1/512, the same for the same seed. */
    static double[] numbers(int seed, long n) {
        java.util.Random r = new java.util.Random(seed);
        double[] v = new double[Math.toIntExact(n)];
        for (int i = 0; i < v.length; i++) {
            v[i] = (r.nextInt(1025) - 512) / 512.0;
        }
        return v;
    }

    @SuppressWarnings("unchecked")
    private <O extends Op> NativePlan plan(O op, PlanRequest r) {
        Kernel<?> k = device.kernels().stream().filter(c -> c.op() == op.getClass()).findFirst().orElseThrow();
        return assertInstanceOf(NativePlan.class, ((Kernel<O>) k).plan(op, r));
    }

    Result run(Op op, Input... in) {
        return run(op, false, in);
    }

    /** @param inPlace whether the first output takes the memory of the first input */
    Result run(Op op, boolean inPlace, Input... in) {
        List<Spec> specs = List.of(in).stream().map(Input::spec).toList();
        List<Spec> out = op.infer(specs);
        NativePlan p = plan(op, new PlanRequest(device, specs, out, List.of(in).stream().map(Input::layout).toList(),
                Optional.empty(), false));
        List<Allocation> wanted = new ArrayList<>();
        specs.forEach(s -> wanted.add(new Allocation(s.type(), s.elements(), "input")));
        out.forEach(s -> wanted.add(new Allocation(s.type(), s.elements(), "output")));
        wanted.add(new Allocation(DataType.INT64, 4, "status"));
        wanted.add(new Allocation(p.scratch().type(), p.scratch().elements(), "scratch"));
        List<Buffer> all = device.allocate(wanted);
        List<Buffer> inputs = all.subList(0, specs.size());
        List<Buffer> outputs = new ArrayList<>(all.subList(specs.size(), specs.size() + out.size()));
        if (inPlace) {
            assertEquals(true, p.inPlace(0, 0), "in place");
            outputs.set(0, inputs.get(0));
        }
        Buffer status = all.get(all.size() - 2);
        for (int i = 0; i < in.length; i++) {
            assertEquals(in[i].layout(), p.inputs().get(i), "no reorder of input " + i);
            device.upload(tensor(specs.get(i), ordered(in[i].numbers(), specs.get(i).shape(), in[i].layout(), true)),
                    inputs.get(i));
        }
        try (Executable e = device.compile(List.of(p.bind(new Binding(inputs, outputs, all.get(all.size() - 1), null,
                status))))) {
            e.run();
        }
        List<double[]> found = new ArrayList<>();
        for (int i = 0; i < out.size(); i++) {
            found.add(ordered(read(outputs.get(i), out.get(i)), out.get(i).shape(), p.outputs().get(i), false));
        }
        HostTensor s = HostTensor.allocate(Spec.of(DataType.INT64, 4));
        device.download(status, s);
        device.free(all);
        return new Result(found, p.outputs(), ((long[]) s.array()).clone());
    }

    private double[] read(Buffer b, Spec s) {
        HostTensor t = HostTensor.allocate(s);
        device.download(b, t);
        return t.toArray().toDoubles();
    }

    private static HostTensor tensor(Spec s, double[] v) {
        HostTensor t = HostTensor.allocate(s);
        for (int i = 0; i < v.length; i++) {
            switch (s.type()) {
                case FLOAT32 -> ((float[]) t.array())[i] = (float) v[i];
                case FLOAT64 -> ((double[]) t.array())[i] = v[i];
                case INT32 -> ((int[]) t.array())[i] = (int) v[i];
                case INT64 -> ((long[]) t.array())[i] = (long) v[i];
            }
        }
        return t;
    }

    /** From row-major order into that of a layout, or back. */
    private static double[] ordered(double[] v, Shape s, Layout l, boolean into) {
        if (!l.equals(Nhwc.NHWC)) {
            return v;
        }
        double[] y = new double[v.length];
        int channels = s.dim(1);
        int places = s.dim(2) * s.dim(3);
        for (int i = 0; i < v.length; i++) {
            int n = i / (channels * places);
            int last = (n * places + i % places) * channels + i / places % channels;
            y[into ? last : i] = v[into ? i : last];
        }
        return y;
    }

    @Override
    public void close() {
        device.close();
    }
}

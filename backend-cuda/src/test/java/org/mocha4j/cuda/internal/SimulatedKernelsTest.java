package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Philox;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Commit;
import org.mocha4j.api.ops.Random;
import org.mocha4j.api.ops.SgdUpdate;

/** What the shared suite does not ask, or only within rounding. */
class SimulatedKernelsTest {
    private Device device;
    private HostTensor status;

    @BeforeEach
    void open() {
        assumeTrue(SimulatedDriver.possible(), "no " + SimulatedDriver.COMPILER + ", so nothing is simulated");
        device = SimulatedPlugin.backend().open(DeviceOptions.DEFAULT);
        status = HostTensor.allocate(Spec.of(DataType.INT64, Status.WORDS));
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
        }
    }

    /** Runs an op; the first output begins as the first input where they have one spec. The status word stays. */
    @SuppressWarnings("unchecked")
    private <O extends Op> HostTensor run(O op, HostTensor... in) {
        List<Spec> specs = List.of(in).stream().map(HostTensor::spec).toList();
        List<Spec> out = op.infer(specs);
        Kernel<O> k = (Kernel<O>) device.kernels().stream().filter(c -> c.op() == op.getClass()).findFirst().orElseThrow();
        Plan p = (Plan) k.plan(op, new PlanRequest(device, specs, out, Collections.nCopies(in.length, Layout.PLAIN),
                Optional.empty(), false));
        List<Buffer> inputs = device.allocate(specs.stream().map(s -> new Allocation(s.type(), s.elements(), "in")).toList());
        List<Buffer> outputs = device.allocate(out.stream().map(s -> new Allocation(s.type(), s.elements(), "out")).toList());
        List<Buffer> own = device.allocate(List.of(new Allocation(DataType.INT64, Status.WORDS, "status"),
                new Allocation(p.scratch().type(), p.scratch().elements(), "scratch")));
        for (int i = 0; i < in.length; i++) {
            device.upload(in[i], inputs.get(i));
        }
        if (out.get(0).equals(specs.get(0))) {
            device.upload(in[0], outputs.get(0));
        }
        device.upload(status, own.get(0));
        try (Device.Executable e = device.compile(List.of(p.bind(new Binding(inputs, outputs, own.get(1), null, own.get(0)))))) {
            e.run();
        }
        HostTensor y = HostTensor.allocate(out.get(0));
        device.download(outputs.get(0), y);
        device.download(own.get(0), status);
        List.of(inputs, outputs, own).forEach(device::free);
        return y;
    }

    private static HostTensor numbers(double... v) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, v.length));
        for (int i = 0; i < v.length; i++) {
            t.set(i, v[i]);
        }
        return t;
    }

    @Test
    void uniformNumbersEqualPhiloxBitForBit() {
        HostTensor counters = HostTensor.allocate(Spec.of(DataType.INT64, 2));
        counters.longs()[0] = -123456789012345L;
        counters.longs()[1] = 1L << 35 | 7;
        for (DataType t : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            Spec s = Spec.of(t, 1031);
            HostTensor y = run(new Random(new Distribution(Distribution.Kind.UNIFORM, -0.3, 1.7), -99, s), counters);
            for (int i = 0; i < 1031; i++) {
                double v = -0.3 + 2.0 * Philox.uniform(counters.longs()[0], -99, counters.longs()[1], i);
                assertEquals(t == DataType.FLOAT32 ? (float) v : v, y.get(i), t + " " + i);
            }
        }
    }

    @Test
    void theFirstBadElementInRowMajorOrderIsReportedAmongFewAndAmongMany() {
        for (int n : new int[] {300, 70_000}) {
            status.fill(0);
            HostTensor x = HostTensor.allocate(Spec.of(DataType.FLOAT32, n));
            x.set(n - 1, Double.NaN);
            x.set(n - 20, 9);
            x.set(n - 37, -1.5);
            run(new Check(Check.Kind.LABEL, 9), x);
            assertArrayEquals(new long[] {Status.BAD_LABEL, 0, n - 37, Double.doubleToRawLongBits(-1.5)}, status.longs());
            run(new Check(Check.Kind.FINITE, 0), x);
            assertEquals(Status.BAD_LABEL, status.longs()[0], "the first report stays");
            status.fill(0);
            run(new Check(Check.Kind.FINITE, 0), x);
            assertEquals(Status.NOT_FINITE, status.longs()[0]);
            assertEquals(n - 1, status.longs()[2]);
        }
    }

    @Test
    void updatesAndCommitsLeaveStateAloneWhileTheStatusWordIsSet() {
        HostTensor w = numbers(1, 2, 3);
        HostTensor one = numbers(1);
        assertArrayEquals(new float[] {0, 0, 0}, run(new SgdUpdate(), w, w, numbers(0, 0, 0), one, one).floats());
        assertArrayEquals(new float[] {7, 8, 9}, run(new Commit(), w, numbers(7, 8, 9)).floats());
        status.longs()[0] = Status.NOT_FINITE;
        assertArrayEquals(new float[] {1, 2, 3}, run(new SgdUpdate(), w, w, numbers(0, 0, 0), one, one).floats());
        assertArrayEquals(new float[] {1, 2, 3}, run(new Commit(), w, numbers(7, 8, 9)).floats());
    }
}

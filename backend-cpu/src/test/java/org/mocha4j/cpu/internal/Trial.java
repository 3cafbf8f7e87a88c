package org.mocha4j.cpu.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.HostBuffer;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;

/** One op, planned and bound on a device, with buffers that are longer than the tensors and hold rubbish at first. */
record Trial(Plan plan, Step step, List<HostTensor> inputs, List<HostTensor> outputs, HostBuffer saved,
             HostBuffer status) {
    static Device reference() {
        return CpuBackend.plain().open(DeviceOptions.DEFAULT);
    }

    static Device cpu(int threads) {
        return CpuBackend.cpu().open(DeviceOptions.threads(threads));
    }

    static Trial of(Device d, Op op, HostTensor... inputs) {
        return of(d, op, Optional.empty(), inputs);
    }

    /** @param forward the trial of the forward op, whose saved work space may be read */
    static Trial of(Device d, Op op, Optional<Trial> forward, HostTensor... inputs) {
        List<Spec> in = java.util.Arrays.stream(inputs).map(HostTensor::spec).toList();
        List<Spec> out = op.infer(in);
        PlanRequest r = new PlanRequest(d, in, out, Collections.nCopies(in.size(), Layout.PLAIN),
                forward.map(Trial::plan), true);
        Plan p = plan(d, op, r);
        List<Buffer> inBuffers = new ArrayList<>();
        for (HostTensor t : inputs) {
            HostBuffer b = rubbish(t.spec().type(), t.elements() + 3);
            d.upload(t, b);
            inBuffers.add(b);
        }
        List<Buffer> outBuffers = new ArrayList<>();
        List<HostTensor> results = new ArrayList<>();
        for (Spec s : out) {
            HostBuffer b = rubbish(s.type(), (int) s.elements() + 5);
            outBuffers.add(b);
            results.add(b.tensor(s));
        }
        HostBuffer scratch = work(p.scratch());
        HostBuffer saved = p.readsSaved() ? forward.orElseThrow().saved() : work(p.saved());
        HostBuffer status = HostBuffer.allocate(DataType.INT64, Status.WORDS);
        Step s = p.bind(new Binding(inBuffers, outBuffers, scratch, saved, status));
        return new Trial(p, s, List.of(inputs), results, saved, status);
    }

    static HostTensor run(Device d, Op op, HostTensor... inputs) {
        Trial t = of(d, op, inputs);
        t.step.run();
        return t.outputs.get(0);
    }

    private static HostBuffer work(Workspace w) {
        return w.elements() == 0 ? null : rubbish(w.type(), (int) w.elements());
    }

    private static HostBuffer rubbish(DataType type, int n) {
        HostBuffer b = HostBuffer.allocate(type, n);
        b.tensor(Spec.of(type, n)).fill(-777);
        return b;
    }

    @SuppressWarnings("unchecked")
    private static <O extends Op> Plan plan(Device d, O op, PlanRequest r) {
        StringBuilder refusals = new StringBuilder();
        for (Kernel<?> k : d.kernels()) {
            if (k.op() == op.getClass()) {
                Offer o = ((Kernel<O>) k).plan(op, r);
                if (o instanceof Plan p) {
                    return p;
                }
                refusals.append(o).append(' ');
            }
        }
        throw new AssertionError("no kernel for " + op + ": " + refusals);
    }

    /** Reproducible numbers in −1 … 1. */
    static HostTensor random(DataType type, long seed, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(type, dims));
        java.util.Random r = new java.util.Random(seed);
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, r.nextInt(2001) / 1000.0 - 1);
        }
        return t;
    }

    static HostTensor floats(int[] dims, double... v) {
        return numbers(DataType.FLOAT32, dims, v);
    }

    static HostTensor numbers(DataType type, int[] dims, double... v) {
        HostTensor t = HostTensor.allocate(Spec.of(type, dims));
        for (int i = 0; i < v.length; i++) {
            t.set(i, v[i]);
        }
        return t;
    }

    static double[] values(HostTensor t) {
        double[] v = new double[t.elements()];
        for (int i = 0; i < v.length; i++) {
            v[i] = t.get(i);
        }
        return v;
    }
}

package org.mocha4j.cuda.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Plan;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.FusedElementwise;
import org.mocha4j.api.ops.FusedElementwise.Instruction;
import org.mocha4j.api.ops.Multiply;
import org.mocha4j.api.ops.Pow;
import org.mocha4j.cuda.internal.RecordingDriver.Given;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.testkit.OpCase;
import org.mocha4j.testkit.OpCases;

/** What the compiler is given when ops are planned, bound and run on a device. */
final class GivenSources {
    private static final long CAPACITY = 4L << 30;

    private GivenSources() {
    }

    /**
     * Of every op of the shared suite in both types, of those whose sources {@code ElementSourceTest} fixes, and of
     * training steps by every rule.
     */
    static Set<Given> ofTheSuite() {
        Set<Given> all = new LinkedHashSet<>();
        for (DataType t : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            RecordingDriver driver = new RecordingDriver(CAPACITY);
            try (CudaDevice device = new CudaDevice(driver, Options.of(DeviceOptions.DEFAULT), CodeFolder.none())) {
                for (OpCase c : OpCases.all()) {
                    run(device, c.op(), c.inputs().stream().map(Array::spec).map(s -> new Spec(t, s.shape())).toList());
                }
                Spec s = Spec.of(t, 5);
                for (Op op : List.of(new Affine(-0.5, 1e-7), new Affine(2, -0.0), new Pow(-1.75))) {
                    run(device, op, List.of(s));
                }
                run(device, new Dropout(0.5), List.of(s, s));
                run(device, new FusedElementwise(3, List.of(new Instruction(new Multiply(), List.of(2, 0)),
                        new Instruction(new Add(), List.of(3, 1))), List.of(4, 3), Shape.of(5)),
                                List.of(s, s, Spec.of(t, 1)));
            }
            all.addAll(driver.given);
        }
        StepTest.rules().forEach(rule -> {
            try (StepRig r = new StepRig(TrainingOptions.of(rule, 0.1))) {
                r.iteration();
                all.addAll(r.driver.given);
            }
        });
        return all;
    }

    @SuppressWarnings("unchecked")
    private static <O extends Op> void run(Device device, O op, List<Spec> in) {
        List<Spec> out = op.infer(in);
        for (Kernel<?> k : device.kernels()) {
            if (k.op() == op.getClass() && ((Kernel<O>) k).plan(op,
                    Rig.request((CudaDevice) device, in, out)) instanceof Plan p) {
                run(device, p, in, out);
            }
        }
    }

    private static void run(Device device, Plan p, List<Spec> in, List<Spec> out) {
        List<Allocation> wanted = new ArrayList<>();
        in.forEach(s -> wanted.add(new Allocation(s.type(), s.elements(), "in")));
        out.forEach(s -> wanted.add(new Allocation(s.type(), s.elements(), "out")));
        wanted.add(new Allocation(DataType.INT64, 4, "status"));
        wanted.add(new Allocation(p.scratch().type(), Math.max(1, p.scratch().elements()), "scratch"));
        wanted.add(new Allocation(p.saved().type(), Math.max(1, p.saved().elements()), "saved"));
        List<Buffer> b = device.allocate(wanted);
        int n = in.size();
        int last = n + out.size();
        Binding binding = new Binding(b.subList(0, n), b.subList(n, last), b.get(last + 1), b.get(last + 2),
                b.get(last));
        try (Device.Executable e = device.compile(Collections.singletonList(p.bind(binding)))) {
            e.run();
        }
        device.free(b);
    }
}

package org.mocha4j.cuda.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Op;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Allocation;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Layout;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlanRequest;

/** A device on a stand-in, and ops planned and bound on it. */
final class Rig implements AutoCloseable {
    final RecordingDriver driver;
    final CudaDevice device;
    final Buffer status;
    private final List<Buffer> buffers = new ArrayList<>();

    Rig(Map<String, String> options) {
        this(new DeviceOptions(0, false, options));
    }

    Rig(DeviceOptions options) {
        this(options, false);
    }

    /** @param early see {@link Streams} */
    Rig(DeviceOptions options, boolean early) {
        this(options, early, 1L << 24);
    }

    Rig(DeviceOptions options, boolean early, long capacity) {
        driver = new RecordingDriver(capacity, early);
        device = new CudaDevice(driver, Options.of(options), CodeFolder.none());
        status = allocate(DataType.INT64, 4);
        driver.calls.clear();
    }

    Buffer allocate(DataType type, long elements) {
        List<Buffer> b = device.allocate(List.of(new Allocation(type, elements, "test")));
        buffers.addAll(b);
        return b.get(0);
    }

    static PlanRequest request(CudaDevice device, List<Spec> in, List<Spec> out) {
        return new PlanRequest(device, in, out, Collections.nCopies(in.size(), Layout.PLAIN), Optional.empty(), false);
    }

    @SuppressWarnings("unchecked")
    <O extends Op> Offer plan(O op, Spec... in) {
        Kernel<O> k = (Kernel<O>) device.kernels().stream().filter(c -> c.op() == op.getClass()).findFirst().orElseThrow();
        return k.plan(op, request(device, List.of(in), op.infer(List.of(in))));
    }

    /** Planned for these inputs and bound to fresh buffers. */
    CudaStep step(Op op, Spec... in) {
        CudaPlan p = (CudaPlan) plan(op, in);
        List<Buffer> inputs = new ArrayList<>();
        for (Spec s : in) {
            inputs.add(allocate(s.type(), s.elements()));
        }
        List<Buffer> outputs = op.infer(List.of(in)).stream().map(s -> allocate(s.type(), s.elements())).toList();
        Buffer scratch = p.scratch().elements() == 0 ? null : allocate(p.scratch().type(), p.scratch().elements());
        CudaStep s = (CudaStep) p.bind(new Binding(inputs, outputs, scratch, null, status));
        driver.calls.clear();
        return s;
    }

    @Override
    public void close() {
        device.free(buffers);
        device.close();
    }
}

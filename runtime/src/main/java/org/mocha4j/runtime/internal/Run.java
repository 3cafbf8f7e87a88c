package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Policy;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device;
import org.mocha4j.api.backend.HostStep;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.backend.Step;
import org.mocha4j.api.backend.Workspace;

/** An open program: its memory, bound and compiled. One thread at a time; runs allocate nothing. */
public final class Run implements AutoCloseable {
    /** A number written before a run. */
    private static final class Scalar {
        final String name;
        final Policy policy;
        final Buffer buffer;
        final HostTensor host;
        double last;
        boolean written;

        Scalar(String name, Policy policy, Buffer buffer, Spec spec) {
            this.name = name;
            this.policy = policy;
            this.buffer = buffer;
            this.host = HostTensor.allocate(spec);
        }
    }

    private final Program program;
    private final DeviceMemory memory;
    private final Device device;
    private final List<Buffer> owned = new ArrayList<>();
    private final Map<Tens, Buffer> leaves = new IdentityHashMap<>();
    private final Map<String, Tens> inputs = new LinkedHashMap<>();
    private final Map<String, HostTensor> results = new HashMap<>();
    private final List<Buffer> slots;
    private final Map<DataType, Buffer> scratch = new HashMap<>();
    private final Buffer status;
    private final HostTensor statusWords = HostTensor.allocate(Spec.of(DataType.INT64, Status.WORDS));
    private final HostTensor counterWords = HostTensor.allocate(Spec.of(DataType.INT64, 2));
    private Buffer counters;
    private final Scalar[] scalars;
    private final Storage[] watched;
    private final long[] seen;
    private final Storage[] written;
    private final Device.Executable executable;
    private final Device.Executable refresh;
    private boolean closed;

    /** @param sharedStatus the status word of a run that belongs with this one; null makes an own */
    public Run(Program program, DeviceMemory memory, Buffer sharedStatus) {
        this.program = program;
        this.memory = memory;
        this.device = memory.device();
        try {
            List<Device.Allocation> wanted = new ArrayList<>();
            program.slots.forEach(s -> wanted.add(new Device.Allocation(s.type, s.elements, "activations and gradients")));
            program.scratch.forEach(w -> wanted.add(new Device.Allocation(w.type(), w.elements(), "scratch")));
            List<Buffer> planned = wanted.isEmpty() ? List.of() : memory.allocate(wanted);
            owned.addAll(planned);
            slots = planned.subList(0, program.slots.size());
            for (int i = 0; i < program.scratch.size(); i++) {
                Workspace w = program.scratch.get(i);
                scratch.put(w.type(), planned.get(program.slots.size() + i));
            }
            status = sharedStatus != null ? sharedStatus : own(DataType.INT64, Status.WORDS, "status");
            List<Scalar> numbers = new ArrayList<>();
            program.leaves().forEach(t -> leaves.put(t, leaf(t, numbers)));
            scalars = numbers.toArray(Scalar[]::new);
            watched = program.refresh.stream().map(s -> s.in().get(0).storage()).filter(s -> s != null).distinct()
                    .toArray(Storage[]::new);
            seen = new long[watched.length];
            written = program.assigned.toArray(Storage[]::new);
            refresh = program.refresh.isEmpty() ? null : device.compile(bind(program.refresh));
            executable = device.compile(bind(program.steps));
            if (refresh != null && watched.length == 0) {
                refresh.run();
            }
            program.reads.forEach((name, t) -> results.put(name, HostTensor.allocate(t.spec)));
        } catch (RuntimeException e) {
            memory.free(owned);
            throw e;
        }
    }

    private Buffer own(DataType type, long elements, String purpose) {
        Buffer b = memory.allocate(type, elements, purpose);
        owned.add(b);
        return b;
    }

    private Buffer leaf(Tens t, List<Scalar> numbers) {
        Val v = t.leaf;
        if (v.kind == Val.Kind.STORAGE) {
            return v.storage().buffer();
        }
        Buffer b = own(v.type(), v.spec().elements(), String.valueOf(v));
        switch (v.kind) {
            case CONSTANT -> {
                HostTensor h = HostTensor.allocate(v.spec());
                v.array().copyTo(h);
                device.upload(h, b);
            }
            case SCALAR -> numbers.add(new Scalar(v.name, v.policy(), b, v.spec()));
            case COUNTERS -> counters = b;
            default -> inputs.put(v.name, t);
        }
        return b;
    }

    private List<Step> bind(List<PlannedStep> steps) {
        List<Step> bound = new ArrayList<>();
        for (PlannedStep s : steps) {
            List<Buffer> in = s.in().stream().map(this::buffer).toList();
            List<Buffer> out = s.out().stream().map(this::buffer).toList();
            if (s.plan() == null) {
                bound.add(new HostStep(device, guarded(s), in, s.in().stream().map(t -> HostTensor.allocate(t.spec)).toList(),
                        out, s.out().stream().map(t -> HostTensor.allocate(t.spec)).toList()));
            } else {
                Workspace w = s.plan().scratch();
                bound.add(s.plan().bind(new Binding(in, out, w.elements() == 0 ? null : scratch.get(w.type()),
                        s.saved() == null ? null : slots.get(s.saved().slot), status)));
            }
        }
        return bound;
    }

    /** The host kernel of a step; what it throws names the layer. */
    private static HostKernel guarded(PlannedStep s) {
        return (in, out) -> {
            try {
                s.host().run(in, out);
            } catch (RuntimeException e) {
                throw new DeviceException("layer [" + s.layer() + "]: the host kernel of " + s.op() + " failed: " + e, e);
            }
        };
    }

    private Buffer buffer(Tens t) {
        Tens root = t.root();
        if (root.bound != null) {
            return root.bound.buffer();
        }
        return root.leaf != null ? leaves.get(root) : slots.get(root.slot);
    }

    /** Whether the program reads an input. */
    public boolean hasInput(String name) {
        return inputs.containsKey(name);
    }

    /** Fills an input; ignored where the program does not read it. */
    public void load(String name, HostTensor value) {
        Tens t = inputs.get(name);
        if (t != null) {
            if (value.spec().type() != t.spec.type() || value.elements() != t.elements) {
                throw new ShapeException("[" + name + "] takes " + t.spec + ", found " + value.spec());
            }
            device.upload(value, leaves.get(t));
        }
    }

    /** Sets seed and step of random numbers. */
    public void counters(long seed, long step) {
        if (counters != null) {
            counterWords.longs()[0] = seed;
            counterWords.longs()[1] = step;
            device.upload(counterWords, counters);
        }
    }

    /** Writes all numbers that follow policies. */
    public void policies(long iteration) {
        for (Scalar s : scalars) {
            if (s.policy != null) {
                write(s, s.policy.at(iteration));
            }
        }
    }

    /** Writes a number that is known by its name. */
    public void scalar(String name, double value) {
        for (Scalar s : scalars) {
            if (s.policy == null && s.name.equals(name)) {
                write(s, value);
            }
        }
    }

    private void write(Scalar s, double value) {
        if (!s.written || s.last != value) {
            s.last = value;
            s.host.set(0, value);
            device.upload(s.host, s.buffer);
            s.written = true;
        }
    }

    /** Runs all steps once. */
    public void run() {
        if (closed) {
            throw new ConfigurationException("this execution is closed");
        }
        refresh();
        executable.run();
        touch();
    }

    /** Brings copies of storages that were written since up to date. */
    void refresh() {
        boolean stale = false;
        for (int i = 0; i < watched.length; i++) {
            long v = watched[i].version();
            stale |= seen[i] != v;
            seen[i] = v;
        }
        if (stale) {
            refresh.run();
        }
    }

    /** Tells other programs what this one has written. */
    void touch() {
        for (Storage s : written) {
            s.touch();
        }
    }

    /** The steps one by one, on the memory of this run; close them first. */
    public SeparateSteps separate() {
        return new SeparateSteps(this, device, bind(program.steps));
    }

    /** A value kept for reading; the tensor is overwritten by the next read of the same name. */
    public HostTensor read(String name) {
        HostTensor t = results.get(name);
        if (t == null) {
            throw new ConfigurationException("[" + name + "] is not kept for reading; there are " + program.reads.keySet());
        }
        device.download(buffer(program.reads.get(name)), t);
        return t;
    }

    public Buffer status() {
        return status;
    }

    /** The four words of the status. The array is reused. */
    public long[] statusWords() {
        device.download(status, statusWords);
        return statusWords.longs();
    }

    /** The status words at several moments, where the device can be read while it works. */
    public Optional<Readings> statusReadings() {
        return Readings.of(device, status, statusWords.spec());
    }

    /** The same of a value kept for reading. */
    public Optional<Readings> readings(String name) {
        Tens t = program.reads.get(name);
        return Readings.of(device, buffer(t), t.spec);
    }

    public void clearStatus() {
        java.util.Arrays.fill(statusWords.longs(), 0);
        device.upload(statusWords, status);
    }

    public Program program() {
        return program;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            executable.close();
            if (refresh != null) {
                refresh.close();
            }
            memory.free(owned);
        }
    }
}

package org.mocha4j.runtime.internal;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Param;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Layout;

/**
 * A tensor that outlives programs: parameter, state, slot or gradient. It lies in the layout that the first program
 * which plans it wants. Until it is first used it exists only as its initial value.
 */
public final class Storage {
    private final String name;
    private final Spec spec;
    private final Param param;
    private final Initializer init;
    private final DeviceMemory memory;
    private final long seed;
    private Array pending;
    private Layout layout;
    private Buffer buffer;
    private volatile long version = 1;

    /** @param param of a trained parameter; null for states, slots and gradients */
    public Storage(String name, Spec spec, Param param, Initializer init, long seed, DeviceMemory memory) {
        this.name = name;
        this.spec = spec;
        this.param = param;
        this.init = init;
        this.seed = seed;
        this.memory = memory;
    }

    public String name() {
        return name;
    }

    public Spec spec() {
        return spec;
    }

    public Param param() {
        return param;
    }

    public boolean trained() {
        return param != null;
    }

    /** Null until a program has decided. */
    synchronized Layout layout() {
        return layout;
    }

    /** Fixes the layout; the first call wins. */
    synchronized Layout decide(Layout wanted) {
        if (layout == null) {
            layout = wanted;
        }
        return layout;
    }

    /** The device memory, made and filled at the first call. */
    synchronized Buffer buffer() {
        if (buffer == null) {
            Layout l = decide(Layout.PLAIN);
            buffer = memory.allocate(spec.type(), l.elements(spec), name);
            memory.write(initial(), spec, l, buffer);
            pending = null;
        }
        return buffer;
    }

    private HostTensor initial() {
        HostTensor t = HostTensor.allocate(spec);
        if (pending != null) {
            pending.copyTo(t);
        } else if (init != null) {
            init.fill(t, new RandomStream(seed, name));
        }
        return t;
    }

    /** The present value, row-major. */
    public synchronized Array read() {
        if (buffer == null) {
            return initial().toArray();
        }
        return memory.read(buffer, spec, layout).toArray();
    }

    /** Sets the value, with as many elements. */
    public synchronized void write(Array value) {
        if (value.elements() != spec.elements()) {
            throw new ShapeException("[" + name + "] is " + spec + ", found a value of shape " + value.shape());
        }
        Array v = value.as(spec.type()).reshape(spec.shape());
        if (buffer == null) {
            pending = v;
        } else {
            HostTensor t = HostTensor.allocate(spec);
            v.copyTo(t);
            memory.write(t, spec, layout, buffer);
        }
        touch();
    }

    /** Sets the value that the initializer gives. */
    public synchronized void initialize() {
        pending = null;
        if (buffer != null) {
            memory.write(initial(), spec, layout, buffer);
        }
        touch();
    }

    /** Tells programs that keep copies in other layouts that the value has changed. */
    void touch() {
        version++;
    }

    long version() {
        return version;
    }

    public synchronized void free() {
        if (buffer != null) {
            memory.free(List.of(buffer));
            buffer = null;
        }
    }
}

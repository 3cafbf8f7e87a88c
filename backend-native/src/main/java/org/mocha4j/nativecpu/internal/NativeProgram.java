package org.mocha4j.nativecpu.internal;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Binding;
import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.Step;

/** Steps of this device in a row become one program that one call runs; steps of others run between the calls. */
final class NativeProgram implements Executable {
    private final NativeDevice device;
    private final List<Code> plans = new ArrayList<>();
    /** A step of another kind, or the handle of a program. */
    private final Object[] parts;
    private final long[] handles;
    private boolean closed;

    NativeProgram(NativeDevice device, List<Step> steps) {
        this.device = device;
        List<Object> all = new ArrayList<>();
        List<NativeStep> row = new ArrayList<>();
        try {
            for (Step s : steps) {
                if (s instanceof NativeStep n) {
                    row.add(n);
                } else {
                    flush(row, all);
                    all.add(s);
                }
            }
            flush(row, all);
        } catch (RuntimeException e) {
            all.forEach(NativeProgram::release);
            plans.forEach(device::release);
            throw e;
        }
        parts = all.toArray();
        handles = all.stream().mapToLong(p -> p instanceof Long h ? h : 0).toArray();
    }

    private static void release(Object part) {
        if (part instanceof Long h) {
            Calls.mocha_program_close(h);
        }
    }

    private void flush(List<NativeStep> row, List<Object> all) {
        if (row.isEmpty()) {
            return;
        }
        long[] words = new long[64];
        int n = 0;
        for (NativeStep s : row) {
            Binding b = s.binding();
            words = Arrays.copyOf(words, Math.max(words.length, 2 * (n + 6 + b.inputs().size() + b.outputs().size())));
            words[n++] = device.acquire(s.plan());
            plans.add(s.plan().code());
            n = addresses(b.inputs(), words, n);
            n = addresses(b.outputs(), words, n);
            words[n++] = NativeBuffer.address(b.scratch());
            words[n++] = NativeBuffer.address(b.saved());
            words[n++] = NativeBuffer.address(b.status());
        }
        try (Memory m = new Memory(8L * n)) {
            m.write(0, words, 0, n);
            all.add(device.program(m, n));
        }
        row.clear();
    }

    private static int addresses(List<Buffer> buffers, long[] words, int at) {
        int n = at;
        words[n++] = buffers.size();
        for (Buffer b : buffers) {
            words[n++] = NativeBuffer.address(b);
        }
        return n;
    }

    @Override
    public void run() {
        if (closed) {
            throw new DeviceException("this executable is closed");
        }
        for (int i = 0; i < parts.length; i++) {
            if (handles[i] != 0) {
                device.run(handles[i]);
            } else {
                ((Step) parts[i]).run();
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (Object p : parts) {
                release(p);
            }
            plans.forEach(device::release);
        }
    }
}

package org.mocha4j.odd.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.Step;

/** Steps of this device in a row become one command list that one call runs; steps of others run between the calls. */
public final class Tape implements Executable {
    private final AtomicLong calls;
    private final Object[] parts;
    private boolean closed;

    public Tape(List<Step> steps, AtomicLong calls) {
        this.calls = calls;
        List<Object> all = new ArrayList<>();
        List<Runnable> row = new ArrayList<>();
        for (Step s : steps) {
            if (s instanceof OddStep o) {
                row.add(o.code());
            } else {
                flush(row, all);
                all.add(s);
            }
        }
        flush(row, all);
        parts = all.toArray();
    }

    private static void flush(List<Runnable> row, List<Object> all) {
        if (!row.isEmpty()) {
            all.add(row.toArray(Runnable[]::new));
            row.clear();
        }
    }

    @Override
    public void run() {
        if (closed) {
            throw new IllegalStateException("odd: a closed program was run");
        }
        for (Object p : parts) {
            if (p instanceof Step s) {
                s.run();
            } else {
                call((Runnable[]) p);
            }
        }
    }

    /** What would be one call into a native library. */
    private void call(Runnable[] commands) {
        calls.incrementAndGet();
        for (Runnable c : commands) {
            c.run();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}

package org.mocha4j.cuda.internal;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.backend.Device.Executable;
import org.mocha4j.api.backend.Step;
import org.mocha4j.cuda.internal.kernels.ElementGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps of this device in a row go to its stream one by one in the first run, are captured into a graph in the second, and
 * are one launch from then on; steps of others run between. The first run is not captured because libraries prepare
 * themselves in it. A row that cannot be captured goes one by one for ever, with a warning.
 */
final class CudaProgram implements Executable {
    /** A row of commands. */
    private static final class Row {
        final List<Command> commands;
        long graph;
        /** Whether it cannot be captured. */
        boolean plain;

        Row(List<Command> commands) {
            this.commands = commands;
        }
    }

    private final Logger log = LoggerFactory.getLogger(CudaProgram.class);
    private final CudaDevice device;
    /** A {@link Row}, or a step of another kind. */
    private final Object[] parts;
    private boolean ran;
    private boolean closed;

    CudaProgram(CudaDevice device, List<Step> steps) {
        this.device = device;
        List<Object> all = new ArrayList<>();
        List<Command> row = new ArrayList<>();
        for (Step s : steps) {
            if (s instanceof CudaStep c) {
                row.addAll(c.commands());
            } else {
                flush(row, all);
                all.add(s);
            }
        }
        flush(row, all);
        parts = all.toArray();
        device.exclusively(q -> {
            for (Object p : parts) {
                if (p instanceof Row r) {
                    r.commands.forEach(c -> c.prepare(q));
                }
            }
        });
    }

    private static void flush(List<Command> row, List<Object> all) {
        if (!row.isEmpty()) {
            all.add(new Row(List.copyOf(ElementGroup.join(row))));
            row.clear();
        }
    }

    @Override
    public void run() {
        if (closed) {
            throw new DeviceException("this executable is closed");
        }
        for (Object p : parts) {
            if (p instanceof Row r) {
                device.exclusively(q -> run(r, q));
            } else {
                ((Step) p).run();
            }
        }
        ran = true;
    }

    private void run(Row r, Queue q) {
        if (ran && device.graphs() && !r.plain && r.graph == 0) {
            capture(r, q);
        }
        if (r.graph != 0) {
            q.driver().launchGraph(r.graph, q.stream());
        } else {
            issue(r, q);
        }
    }

    /** What a library cannot do while a graph is captured it can do without. */
    private void capture(Row r, Queue q) {
        q.driver().beginCapture(q.stream());
        DeviceException failure = null;
        try {
            issue(r, q);
        } catch (DeviceException e) {
            failure = e;
        }
        try {
            r.graph = q.driver().endCapture(q.stream());
        } catch (DeviceException e) {
            failure = failure == null ? e : failure;
        }
        if (failure != null) {
            if (r.graph != 0) {
                q.driver().closeGraph(r.graph);
                r.graph = 0;
            }
            r.plain = true;
            log.warn("{}: {} launches cannot be captured into a graph and stay single: {}", device.description(),
                    r.commands.size(), failure.getMessage());
        }
    }

    private static void issue(Row r, Queue q) {
        for (Command c : r.commands) {
            c.issue(q);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.exclusively(q -> {
                for (Object p : parts) {
                    if (p instanceof Row r && r.graph != 0) {
                        q.driver().synchronize(q.stream());
                        q.driver().closeGraph(r.graph);
                        r.graph = 0;
                    }
                }
            });
        }
    }
}

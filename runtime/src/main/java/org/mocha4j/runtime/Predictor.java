package org.mocha4j.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Shape;

/**
 * Computes some blobs of a net from others, for any number of threads at once: what {@link Net#inference} does, with
 * executions that are made when they are needed and used again. Parameters are shared with whoever trains them.
 *
 * <p>As many executions work at a time as the device has threads, unless told otherwise; further callers wait for one. The
 * one that was used last is taken first, since its memory is still in the caches: more of them would compute less.
 */
public final class Predictor implements AutoCloseable {
    /** So many idle executions stay open at least, for batches of several sizes. */
    private static final int KEPT = 4;

    private final Net net;
    private final List<String> outputs;
    private final int most;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final Set<Thread> working = new HashSet<>();
    private boolean closed;

    private record Idle(Map<String, Shape> inputs, Execution execution) {
    }

    Predictor(Net net, List<String> outputs, int most) {
        if (outputs.isEmpty()) {
            throw new ConfigurationException("a predictor of net [" + net.name() + "] has no outputs; name at least one blob");
        }
        if (most < 1) {
            throw new ConfigurationException("a predictor's executions are " + most + "; expected: at least 1");
        }
        this.net = net;
        this.outputs = List.copyOf(outputs);
        this.most = most;
    }

    /**
     * The outputs for these inputs, by blob.
     *
     * @param inputs all blobs that the outputs are computed from; their shapes, the first axis among them, may differ from call
     *               to call
     * @throws ConfigurationException if the net has no such blob, needs more, or the shapes do not fit
     * @throws DataException          if the inputs hold what a layer refuses
     */
    public Map<String, Array> predict(Map<String, Array> inputs) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        inputs.forEach((blob, a) -> shapes.put(blob, a.shape()));
        Map<String, Array> all = new LinkedHashMap<>();
        Optional<StatusReport> status = use(shapes, e -> {
            inputs.forEach(e::set);
            e.run(0);
            outputs.forEach(b -> all.put(b, e.read(b).toArray()));
            return e.status();
        });
        status.ifPresent(s -> {
            throw new DataException("net [" + net.name() + "]: " + s.text());
        });
        return all;
    }

    /**
     * Lets work be done on an execution that nobody else has: set, run, read. It must not be kept, nor what it reads, and the work
     * must not ask this predictor again or close it. If the work throws, the execution is not used again.
     *
     * @param inputs the shapes of the blobs that are set
     * @throws MochaException if this predictor is closed, or the thread is interrupted while it waits
     */
    public <R> R use(Map<String, Shape> inputs, Function<Execution, R> work) {
        Idle own = take(Map.copyOf(inputs));
        boolean good = false;
        try {
            R result = work.apply(own.execution);
            own.execution.status();                              // cleared: the next report is of the next caller's data
            good = true;
            return result;
        } finally {
            give(own, good);
        }
    }

    private Idle take(Map<String, Shape> inputs) {
        synchronized (this) {
            outside();
            while (!closed && working.size() >= most) {
                await();
            }
            if (closed) {
                throw new MochaException("the predictor of net [" + net.name() + "] is closed");
            }
            working.add(Thread.currentThread());
            for (Iterator<Idle> all = idle.iterator(); all.hasNext();) {
                Idle i = all.next();
                if (i.inputs.equals(inputs)) {
                    all.remove();
                    return i;
                }
            }
        }
        try {
            return new Idle(inputs, net.inference(inputs, outputs));
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        }
    }

    private void outside() {
        if (working.contains(Thread.currentThread())) {
            throw new IllegalStateException("the predictor of net [" + net.name() + "] is asked or closed by work that it does;"
                    + " do that when the work is done");
        }
    }

    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MochaException("interrupted while all executions of net [" + net.name() + "] are at work", e);
        }
    }

    private synchronized void leave() {
        working.remove(Thread.currentThread());
        notifyAll();
    }

    /** Keeps an execution whose work went well, and closes the one that was idle for longest if there are too many. */
    private void give(Idle own, boolean good) {
        Execution old = own.execution;
        try {
            synchronized (this) {
                if (good && !closed) {
                    idle.addFirst(own);
                    old = idle.size() > Math.max(KEPT, most) ? idle.removeLast().execution : null;
                }
            }
            if (old != null) {
                old.close();
            }
        } finally {
            leave();
        }
    }

    /** The blobs that are computed. */
    public Set<String> outputs() {
        return Set.copyOf(outputs);
    }

    /** Refuses who asks from now on, and closes all executions when the work that goes on is done: it waits for that. */
    @Override
    public void close() {
        List<Idle> all;
        synchronized (this) {
            outside();
            closed = true;
            notifyAll();
            boolean interrupted = false;
            while (!working.isEmpty()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            all = List.copyOf(idle);
            idle.clear();
        }
        all.forEach(i -> i.execution.close());
        net.closed(this);
    }
}

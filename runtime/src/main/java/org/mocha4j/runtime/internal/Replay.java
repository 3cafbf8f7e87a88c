package org.mocha4j.runtime.internal;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.runtime.StatusReport;

/** Runs a net's forward graph once more, unfused and with every value kept, to find where something went wrong. */
public final class Replay {
    private final List<Vertex> vertices;
    private final Map<Val, String> names = new IdentityHashMap<>();
    private final Run run;
    private long places = 1;

    /** Of the objective of a net in training. */
    public static Replay training(NetGraph net, Kernels kernels, DeviceMemory memory) {
        net.ir.assignments.clear();
        net.ir.reads.put("objective", net.objective());
        return new Replay(net, kernels, memory);
    }

    /** Prepares the run of all that the graph's roots need; the caller loads inputs into {@link #run()}. */
    public Replay(NetGraph net, Kernels kernels, DeviceMemory memory) {
        Ir live = Rewrite.prune(net.ir);
        live.reads.clear();
        this.vertices = live.vertices;
        for (Vertex v : vertices) {
            v.in.forEach(x -> keep(x, live));
            v.out.forEach(x -> keep(x, live));
        }
        this.run = new Run(Planner.plan(live, kernels, false), memory, null);
    }

    private void keep(Val v, Ir live) {
        if (v.type().isFloat() && names.putIfAbsent(v, "value " + names.size()) == null) {
            live.reads.put(names.get(v), v);
        }
    }

    public Run run() {
        return run;
    }

    private HostTensor read(Val v) {
        return run.read(names.get(v));
    }

    /** Runs, and says where and what: {@code layer [loss]: label 7 of sample 2 …}. @param sample its name in words */
    public String explain(StatusReport r, LongFunction<String> sample) {
        return place(r) + ": " + r.text(places, sample);
    }

    private String place(StatusReport r) {
        run.run();
        for (Vertex v : vertices) {
            if (r.code() == Status.NOT_FINITE) {
                for (Val x : v.in) {
                    if (x.isLeaf() && bad(x)) {
                        return "layer [" + v.layer + "] reads " + (x.name == null ? "a constant" : x.name)
                                + ", which holds a value that is not finite";
                    }
                }
                for (Val x : v.out) {
                    if (bad(x)) {
                        return "layer [" + v.layer + "] produced the first value that is not finite, in "
                                + v.op.getClass().getSimpleName();
                    }
                }
            } else if (checks(v, r.code()) && holds(v, r)) {
                return "layer [" + v.layer + "]";
            }
        }
        return "net";
    }

    private static boolean checks(Vertex v, long code) {
        return code == Status.BAD_LABEL && (v.op instanceof SoftmaxLoss || v.op instanceof Check)
                || code == Status.BAD_INDEX && (v.op instanceof Gather || v.op instanceof ScatterAdd);
    }

    private boolean holds(Vertex v, StatusReport r) {
        for (Val x : v.in) {
            HostTensor t = x.type().isFloat() ? read(x) : null;
            if (t != null && r.index() < t.elements() && Double.compare(t.get((int) r.index()), r.value()) == 0) {
                places = Math.max(1, t.elements() / (t.shape().rank() == 0 ? 1 : Math.max(1, t.shape().dim(0))));
                return true;
            }
        }
        return false;
    }

    /** A constant may be infinite on purpose. */
    private boolean bad(Val v) {
        if (!v.type().isFloat()) {
            return false;
        }
        HostTensor t = read(v);
        for (int i = 0; i < t.elements(); i++) {
            if (Double.isNaN(t.get(i)) || Double.isInfinite(t.get(i)) && v.kind != Val.Kind.CONSTANT) {
                return true;
            }
        }
        return false;
    }
}

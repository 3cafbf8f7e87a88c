package org.mocha4j.runtime.internal;

import java.util.List;
import java.util.Set;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Status;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.ScatterAdd;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.runtime.StatusReport;

/** Runs a net's forward graph once more, unfused and with every value kept, to find where something went wrong. */
public final class Replay {
    private final NetGraph net;
    private final Run run;
    private long places = 1;

    /** Prepares the run; the caller loads inputs into {@link #run()}. */
    public Replay(NetGraph net, Kernels kernels, DeviceMemory memory) {
        this.net = net;
        net.ir.assignments.clear();
        Val objective = net.objective();
        net.ir.reads.put("objective", objective);
        Ir live = Rewrite.prune(net.ir);
        net.ir.vertices.clear();
        net.ir.vertices.addAll(live.vertices);
        for (int i = 0; i < live.vertices.size(); i++) {
            for (Val x : live.vertices.get(i).out) {
                net.ir.reads.put(name(x, i), x);
            }
            for (Val x : live.vertices.get(i).in) {
                if (x.isLeaf() && x.type().isFloat()) {
                    net.ir.reads.put(leafName(x), x);
                }
            }
        }
        net.ir.reads.remove("objective");
        this.run = new Run(Planner.plan(net.ir, kernels, Set.of(), Set.of(), false), memory, null);
    }

    public Run run() {
        return run;
    }

    private static String name(Val v, int vertex) {
        return vertex + "." + v.index;
    }

    private static String leafName(Val v) {
        return "leaf " + System.identityHashCode(v);
    }

    /** The number of labels per sample where {@link #place} found a bad one, else 1. */
    public long places() {
        return places;
    }

    /** The place in words: {@code layer [conv1], op Convolution}; what is known if it is not found. */
    public String place(StatusReport r) {
        run.run();
        List<Vertex> vertices = net.ir.vertices;
        for (int i = 0; i < vertices.size(); i++) {
            Vertex v = vertices.get(i);
            if (r.code() == Status.NOT_FINITE) {
                for (Val x : v.in) {
                    if (x.isLeaf() && x.type().isFloat() && !finite(run.read(leafName(x)))) {
                        return "layer [" + v.layer + "] reads " + (x.name == null ? "a constant" : x.name)
                                + ", which holds a value that is not finite";
                    }
                }
                for (Val x : v.out) {
                    if (!finite(run.read(name(x, i)))) {
                        return "layer [" + v.layer + "] produced the first value that is not finite, in "
                                + v.op.getClass().getSimpleName();
                    }
                }
            } else if (checks(v, r.code()) && holds(v, vertices, r)) {
                return "layer [" + v.layer + "]";
            }
        }
        return "net";
    }

    private static boolean checks(Vertex v, long code) {
        return code == Status.BAD_LABEL && (v.op instanceof SoftmaxLoss || v.op instanceof Check)
                || code == Status.BAD_INDEX && (v.op instanceof Gather || v.op instanceof ScatterAdd);
    }

    private boolean holds(Vertex v, List<Vertex> vertices, StatusReport r) {
        for (Val x : v.in) {
            HostTensor t = run.read(x.isLeaf() ? leafName(x) : name(x, vertices.indexOf(x.producer)));
            if (r.index() < t.elements() && Double.compare(t.get((int) r.index()), r.value()) == 0) {
                places = Math.max(1, t.elements() / (t.shape().rank() == 0 ? 1 : Math.max(1, t.shape().dim(0))));
                return true;
            }
        }
        return false;
    }

    private static boolean finite(HostTensor t) {
        for (int i = 0; i < t.elements(); i++) {
            if (!Double.isFinite(t.get(i))) {
                return false;
            }
        }
        return true;
    }
}

package org.mocha4j.runtime.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Add;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.StatusReport;

/** A graph that is made, run once and thrown away. */
public final class SmallGraph {
    private final DeviceMemory memory;
    private final Kernels kernels;
    private final SessionOptions options;
    private final Ir ir;

    public SmallGraph(DeviceMemory memory, Kernels kernels, SessionOptions options) {
        this.memory = memory;
        this.kernels = kernels;
        this.options = options;
        this.ir = new Ir(options.type());
    }

    public List<Array> evaluate(List<Array> inputs, BiFunction<Graph, List<Value>, List<Value>> f) {
        List<Val> in = inputs("in", inputs);
        List<Val> out = List.of(Ir.vals(f.apply(ir.view("graph", null), List.copyOf(in)).toArray(Value[]::new)));
        return run(in, inputs, List.of(), List.of(), out);
    }

    public List<Array> gradients(List<Array> inputs, List<Array> dOut, BiFunction<Graph, List<Value>, List<Value>> f) {
        List<Val> in = inputs("in", inputs);
        List<Val> out = List.of(Ir.vals(f.apply(ir.view("graph", null), List.copyOf(in)).toArray(Value[]::new)));
        List<Val> seeds = inputs("seed", dOut);
        Map<Val, Val> seed = new HashMap<>();
        for (int i = 0; i < out.size(); i++) {
            seed.merge(out.get(i), seeds.get(i), (a, b) -> ir.add(new Add(), List.of(a, b), "graph", null).get(0));
        }
        return run(in, inputs, seeds, dOut, Autodiff.gradients(ir, seed, in));
    }

    /** The nanoseconds of some runs after others that are not counted. */
    public long[] time(List<Array> inputs, int warmup, int runs, BiFunction<Graph, List<Value>, List<Value>> f) {
        List<Val> in = inputs("in", inputs);
        List<Val> out = List.of(Ir.vals(f.apply(ir.view("graph", null), List.copyOf(in)).toArray(Value[]::new)));
        out.forEach(v -> ir.reads.put("out" + out.indexOf(v), v));
        try (Run run = new Run(Planner.plan(ir, kernels, options.fuse()), memory, null)) {
            load(run, in, inputs);
            run.counters(options.seed(), 0);
            run.policies(0);
            long[] nanos = new long[runs];
            for (int i = -warmup; i < runs; i++) {
                long start = System.nanoTime();
                run.run();
                run.statusWords();                               // a download waits for the device
                nanos[Math.max(i, 0)] = System.nanoTime() - start;
            }
            return nanos;
        }
    }

    private List<Val> inputs(String prefix, List<Array> values) {
        List<Val> in = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            in.add(ir.input(prefix + i, new Spec(options.type(), values.get(i).shape())));
        }
        return in;
    }

    private List<Array> run(List<Val> in, List<Array> inputs, List<Val> seeds, List<Array> dOut, List<Val> out) {
        for (int i = 0; i < out.size(); i++) {
            if (out.get(i) != null) {
                ir.reads.put("out" + i, out.get(i));
            }
        }
        Program p = Planner.plan(ir, kernels, options.fuse());
        try (Run run = new Run(p, memory, null)) {
            load(run, in, inputs);
            load(run, seeds, dOut);
            run.counters(options.seed(), 0);
            run.policies(0);
            run.run();
            long[] w = run.statusWords();
            if (w[0] != 0) {
                throw new DataException(new StatusReport(w[0], 0, w[2], Double.longBitsToDouble(w[3])).text());
            }
            List<Array> result = new ArrayList<>();
            for (int i = 0; i < out.size(); i++) {
                result.add(out.get(i) == null ? null : run.read("out" + i).toArray());
            }
            return result;
        }
    }

    private static void load(Run run, List<Val> names, List<Array> values) {
        for (int i = 0; i < names.size(); i++) {
            HostTensor t = HostTensor.allocate(names.get(i).spec());
            values.get(i).copyTo(t);
            run.load(names.get(i).name, t);
        }
    }
}

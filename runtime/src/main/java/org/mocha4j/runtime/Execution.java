package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongFunction;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Measurement;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Status;
import org.mocha4j.runtime.internal.DeviceMemory;
import org.mocha4j.runtime.internal.ExecutionGraph;
import org.mocha4j.runtime.internal.NetGraph;
import org.mocha4j.runtime.internal.Program;
import org.mocha4j.runtime.internal.Replay;
import org.mocha4j.runtime.internal.Run;

/** A forward program of a net with memory of its own. One thread at a time; a net may have many at once. */
public final class Execution implements AutoCloseable {
    /** A figure and the layer it belongs to. */
    public record Measured(String layer, Measurement measurement) {
        /** For example {@code accuracy-accuracy}: layer, then name. */
        public String key() {
            return layer + "-" + measurement.name();
        }
    }

    private final Net net;
    private final NetGraph graph;
    private final Run run;
    private final DataInput[] data;
    private final double[][] totals;
    private final List<Sink.Writer> writers = new ArrayList<>();
    private final Map<String, Sink.Writer> sinks = new LinkedHashMap<>();
    private int valid = 1;
    private long step;

    Execution(Net net, NetGraph graph, Set<String> blobs, boolean whole, boolean sinks) {
        this.net = net;
        this.graph = graph;
        Program program = ExecutionGraph.plan(graph, blobs, whole, net.session().kernels(), net.session().options().fuse());
        this.data = net.data().toArray(DataInput[]::new);
        this.run = new Run(program, memory(), null);
        this.totals = new double[whole ? graph.statistics.size() : 0][];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = new double[(int) graph.statistics.get(i).sums().spec().elements()];
        }
        if (whole && sinks) {
            try {
                graph.sinks.forEach(this::open);
            } catch (RuntimeException e) {
                try {
                    closeSinks();
                } catch (RuntimeException more) {
                    e.addSuppressed(more);
                }
                run.close();
                throw e;
            }
        }
    }

    private DeviceMemory memory() {
        return net.session().memory().of("net [" + net.name() + "]");
    }

    private void open(NetGraph.SinkUse u) {
        for (int i = 0; data.length > 0 && i < u.values().size(); i++) {
            Shape s = u.values().get(i).spec().shape();
            if (s.rank() > 0 && s.dim(0) != data[0].batchSize()) {
                throw new ConfigurationException("layer [" + u.layer() + "] takes one sample after the other, but ["
                        + u.blobs().get(i) + "] is " + s + " in batches of " + data[0].batchSize()
                        + "; give it blobs with samples along axis 0, or single numbers");
            }
        }
        Sink.Writer w = u.sink().open(new Sink.Context(u.layer(), net.session().options().base(), u.blobs(),
                u.values().stream().map(v -> v.spec()).toList()));
        writers.add(w);
        sinks.put(u.layer(), w);
    }

    /** Fills the data layers' tops: one list per data layer of the net, in its order. */
    public void load(List<List<HostTensor>> batch) {
        load(run, batch);
        if (data.length > 0) {
            valid = data[0].batchSize();
        }
    }

    private void load(Run run, List<List<HostTensor>> batch) {
        for (int d = 0; d < data.length; d++) {
            for (int i = 0; i < data[d].specs().size(); i++) {
                run.load(inputName(d, i), batch.get(d).get(i));
            }
        }
    }

    private String inputName(int d, int i) {
        return data[d].inputName(i);
    }

    /** Sets a blob that the caller feeds. */
    public void set(String blob, HostTensor value) {
        if (!run.hasInput(blob)) {
            throw new ConfigurationException("blob [" + blob + "] is not fed by the caller in this program");
        }
        run.load(blob, value);
        valid = value.shape().rank() == 0 ? 1 : value.shape().dim(0);
    }

    /** Sets a blob that the caller feeds, if this program reads it at all. */
    public void setIfRead(String blob, HostTensor value) {
        if (run.hasInput(blob)) {
            set(blob, value);
        }
    }

    public void set(String blob, Array value) {
        HostTensor t = HostTensor.allocate(new Spec(net.session().type(), value.shape()));
        value.copyTo(t);
        set(blob, t);
    }

    /** How many samples of the next run count; set after loading. */
    public void valid(int samples) {
        valid = samples;
    }

    /**
     * Computes everything once, adds to the statistics and, unless something went wrong, feeds the sinks.
     *
     * @param step keys random numbers
     */
    public void run(long step) {
        this.step = step;
        counters(run, step);
        run.run();
        for (int i = 0; i < totals.length; i++) {
            HostTensor sums = run.read(ExecutionGraph.statistic(i));
            for (int k = 0; k < totals[i].length; k++) {
                totals[i][k] += sums.get(k);
            }
        }
        if (writers.isEmpty() || run.statusWords()[0] != Status.OK) {
            return;                                              // what a failed run has computed is not kept
        }
        for (int i = 0; i < writers.size(); i++) {
            List<HostTensor> values = new ArrayList<>();
            for (int k = 0; k < graph.sinks.get(i).values().size(); k++) {
                values.add(run.read(ExecutionGraph.sink(i, k)));
            }
            writers.get(i).write(values, valid);
        }
    }

    private void counters(Run run, long step) {
        run.counters(net.session().seed(), step);
        run.policies(0);
        run.scalar("valid", valid);
    }

    /** A blob after a run; overwritten when it is read the next time. */
    public HostTensor read(String blob) {
        return run.read(ExecutionGraph.blob(blob));
    }

    /** The weighted sum of the net's losses in the last run, where it has any. */
    public OptionalDouble objective() {
        return ExecutionGraph.hasObjective(run.program())
                ? OptionalDouble.of(run.read(ExecutionGraph.OBJECTIVE).get(0)) : OptionalDouble.empty();
    }

    /** The statistics since the last reset. */
    public List<Measured> measurements() {
        List<Measured> all = new ArrayList<>();
        for (int i = 0; i < totals.length; i++) {
            NetGraph.Stat s = graph.statistics.get(i);
            s.statistic().finish(totals[i].clone()).forEach(m -> all.add(new Measured(s.layer(), m)));
        }
        return all;
    }

    public void resetStatistics() {
        for (double[] t : totals) {
            java.util.Arrays.fill(t, 0);
        }
    }

    /** The open sinks by layer. */
    public Map<String, Sink.Writer> sinks() {
        return sinks;
    }

    /** What went wrong in a run since the last call; cleared by it. */
    public Optional<StatusReport> status() {
        long[] w = run.statusWords();
        if (w[0] == 0) {
            return Optional.empty();
        }
        StatusReport r = new StatusReport(w[0], step, w[2], Double.longBitsToDouble(w[3]));
        run.clearStatus();
        return Optional.of(r);
    }

    /**
     * Computes the last batch again with every value kept, and says in which layer it went wrong:
     * {@code layer [accuracy]: label 7 of sample 2 …}.
     *
     * @param batch  as it was loaded
     * @param sample names one of the batch, for the text: {@code sample 2}
     */
    public String explain(StatusReport r, List<List<HostTensor>> batch, LongFunction<String> sample) {
        Replay replay = new Replay(graph, net.session().kernels(), memory());
        try (Run again = replay.run()) {
            load(again, batch);
            counters(again, r.step());
            return replay.explain(r, sample);
        }
    }

    /** The names of states and parameters that a run writes: none in phase TEST. */
    public List<String> writes() {
        return run.program().writes();
    }

    /** The steps with the kernels chosen and the refusals of others. */
    public List<StepInfo> explain() {
        return run.program().explain();
    }

    /** The steps one by one, to be timed after at least one run. */
    public Profile profile() {
        return new Profile().add("run", run, 1);
    }

    /** Bytes that live from step to step: activations. */
    public long activationBytes() {
        return run.program().activationBytes();
    }

    /** Bytes of memory of this execution beside parameters and inputs. */
    public long plannedBytes() {
        return run.program().plannedBytes();
    }

    public Phase phase() {
        return net.phase();
    }

    /** @throws RuntimeException if a sink cannot keep what it took, when all are closed */
    @Override
    public void close() {
        try {
            closeSinks();
        } finally {
            run.close();
            net.closed(this);
        }
    }

    private void closeSinks() {
        RuntimeException failure = null;
        for (Sink.Writer w : writers) {
            try {
                w.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        writers.clear();
        if (failure != null) {
            throw failure;
        }
    }
}

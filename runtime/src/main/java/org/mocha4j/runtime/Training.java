package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Status;
import org.mocha4j.runtime.internal.Ir;
import org.mocha4j.runtime.internal.Program;
import org.mocha4j.runtime.internal.Replay;
import org.mocha4j.runtime.internal.Run;
import org.mocha4j.runtime.internal.Storage;
import org.mocha4j.runtime.internal.TrainingGraph;

/** The programs that train a net, open. One thread at a time; steps allocate nothing. */
public final class Training implements AutoCloseable {
    private final Net net;
    private final TrainingOptions options;
    private final TrainingGraph graph;
    private final Run first;
    private final Run more;
    private final Run apply;
    private final DataInput[] data;
    private final String[][] inputs;
    private final List<Run> runs = new ArrayList<>();
    private double sum;
    private int batches;
    private long step;
    private int samples = 1;

    Training(Net net, TrainingOptions options) {
        this.net = net;
        this.options = options;
        Session s = net.session();
        this.graph = new TrainingGraph(options, s.kernels(), s.memory(), s.options().fuse());
        this.data = net.data().toArray(DataInput[]::new);
        this.inputs = new String[data.length][];
        for (int d = 0; d < data.length; d++) {
            inputs[d] = new String[data[d].specs().size()];
            for (int i = 0; i < inputs[d].length; i++) {
                inputs[d][i] = data[d].inputName(i);
            }
        }
        Program accumulate = graph.accumulate(net.graph(), false);
        Program accumulateMore = options.accumulate() == 1 ? null : graph.accumulate(net.graph(), true);
        Program update = graph.apply(new Ir(s.type()));
        try {
            this.first = opened(new Run(accumulate, s.memory(), null));
            this.more = accumulateMore == null ? null : opened(new Run(accumulateMore, s.memory(), first.status()));
            this.apply = opened(new Run(update, s.memory(), first.status()));
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    private Run opened(Run r) {
        runs.add(0, r);
        return r;
    }

    private void free() {
        runs.forEach(Run::close);
        graph.gradients.values().forEach(Storage::free);
        graph.slots.values().forEach(Storage::free);
    }

    public TrainingOptions options() {
        return options;
    }

    /** Sets a blob that the caller feeds, for the batches from now on. */
    public void set(String blob, HostTensor value) {
        if (!net.feeds(blob)) {
            throw new ConfigurationException("blob [" + blob + "] is not fed by the caller in net [" + net.name()
                    + "]");
        }
        first.load(blob, value);
        if (more != null) {
            more.load(blob, value);
        }
        samples = value.shape().rank() == 0 ? 1 : value.shape().dim(0);
    }

    /**
     * Computes objective and gradients of one batch and adds them to those of this iteration.
     *
     * @param batch the tensors of each data layer of the net, in its order
     * @param step  the running number of batches; keys random numbers
     * @param index the number of the batch within its iteration, 0 … accumulate−1
     */
    public void accumulate(List<List<HostTensor>> batch, long step, int index) {
        Run run = index == 0 ? first : more;
        if (!failed()) {
            this.step = step;                                    // the step that a later report belongs to
        }
        load(run, batch);
        run.counters(net.session().seed(), step);
        run.policies(step / options.accumulate());
        run.scalar("valid", data.length == 0 ? samples : data[0].batchSize());
        run.run();
        if (more != null) {
            sum = index == 0 ? 0 : sum;
            sum += run.read(TrainingGraph.OBJECTIVE).get(0);
            batches = index + 1;
        }
    }

    private void load(Run run, List<List<HostTensor>> batch) {
        for (int d = 0; d < inputs.length; d++) {
            List<HostTensor> tensors = batch.get(d);
            for (int i = 0; i < inputs[d].length; i++) {
                run.load(inputs[d][i], tensors.get(i));
            }
        }
    }

    /** Updates parameters, states and slots; nothing while the status is set. @param iteration completed updates */
    public void apply(long iteration) {
        apply.policies(iteration);
        apply.run();
    }

    /** The objective of the last batch; with several per iteration, the mean over those so far. */
    public double objective() {
        return more == null ? first.read(TrainingGraph.OBJECTIVE).get(0) : sum / batches;
    }

    /** The learning rate at an iteration. */
    public double rate(long iteration) {
        return options.rate().at(iteration);
    }

    /** Whether something went wrong; stays until it is cleared. Costs no memory while all is well. */
    public boolean failed() {
        return first.statusWords()[0] != Status.OK;
    }

    /** What went wrong first. */
    public Optional<StatusReport> status() {
        long[] w = first.statusWords();
        return w[0] == Status.OK ? Optional.empty()
                : Optional.of(new StatusReport(w[0], step, w[2], Double.longBitsToDouble(w[3])));
    }

    public void clearStatus() {
        first.clearStatus();
    }

    /**
     * Computes a batch again with every value kept, and says which layer went wrong first. Parameters are those before the
     * failed step.
     */
    public DataException explain(StatusReport r, List<List<HostTensor>> batch, long step) {
        Session s = net.session();
        Replay replay = Replay.training(net.graph(), s.kernels(), s.memory());
        try (Run run = replay.run()) {
            load(run, batch);
            run.counters(s.seed(), step);
            run.policies(step / options.accumulate());
            run.scalar("valid", data.length == 0 ? 1 : data[0].batchSize());
            return new DataException("net [" + net.name() + "], iteration " + step / options.accumulate() + ": "
                    + replay.explain(r, i -> "sample " + i)
                    + "; the parameters are those of the last good iteration");
        }
    }

    /** What the update rule keeps: {@code conv1___filter___momentum}. */
    public Tensors slots() {
        return new Net.StorageTensors(graph.slots.values());
    }

    /** The gradients of the last iteration, before any rule: {@code conv1___filter___gradient}. */
    public Tensors gradients() {
        return new Net.StorageTensors(graph.gradients.values());
    }

    /** The steps of forward and backward, then those of the update. */
    public Map<String, List<StepInfo>> explain() {
        Map<String, List<StepInfo>> all = new LinkedHashMap<>();
        all.put("accumulate", first.program().explain());
        all.put("apply", apply.program().explain());
        return all;
    }

    /** The steps of a whole iteration one by one, to be timed after at least one iteration. */
    public Profile profile() {
        Profile p = new Profile().add("accumulate", first, 1);
        return (more == null ? p : p.add("accumulate more", more, options.accumulate() - 1)).add("apply", apply, 1);
    }

    /** Bytes that live from step to step: activations and gradients in passing. */
    public long activationBytes() {
        return first.program().activationBytes() + apply.program().activationBytes();
    }

    /** Bytes of activations, gradients in passing and work space. */
    public long plannedBytes() {
        return first.program().plannedBytes() + apply.program().plannedBytes();
    }

    @Override
    public void close() {
        free();
        net.closed(this);
    }
}

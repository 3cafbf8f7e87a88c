package org.mocha4j.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.backend.Status;
import org.mocha4j.runtime.internal.DeviceMemory;
import org.mocha4j.runtime.internal.Ir;
import org.mocha4j.runtime.internal.NetGraph;
import org.mocha4j.runtime.internal.Program;
import org.mocha4j.runtime.internal.Readings;
import org.mocha4j.runtime.internal.Replay;
import org.mocha4j.runtime.internal.Run;
import org.mocha4j.runtime.internal.Storage;
import org.mocha4j.runtime.internal.TrainingGraph;

/** The programs that train a net, open. One thread at a time; steps allocate nothing. */
public final class Training implements AutoCloseable {
    private final Net net;
    private final TrainingOptions options;
    private final DataInput[] data;
    private final String[][] inputs;
    private final Map<String, Storage> slots = new LinkedHashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, HostTensor> fed = new LinkedHashMap<>();
    private Map<Storage, Storage> gradients = Map.of();
    private Set<String> frozen = Set.of();
    private Run first;
    private Run more;
    private Run apply;
    /**
     * The status after each batch, and the objectives that are to be added up; null where the device is read at once.
     */
    private Readings words;
    private Readings firstObjective;
    private Readings moreObjective;
    private StatusReport found;
    private double sum;
    private int batches;
    private long step;
    private int samples = 1;
    private boolean pending;

    Training(Net net, TrainingOptions options) {
        this.net = net;
        this.options = options;
        this.data = net.data().toArray(DataInput[]::new);
        this.inputs = new String[data.length][];
        for (int d = 0; d < data.length; d++) {
            inputs[d] = new String[data[d].specs().size()];
            for (int i = 0; i < inputs[d].length; i++) {
                inputs[d][i] = data[d].inputName(i);
            }
        }
        try {
            derive(options.frozen());
        } catch (RuntimeException e) {
            free();
            throw e;
        }
    }

    /** Makes the programs anew, for other frozen layers; slots stay. Nothing is changed if that cannot be planned. */
    private void derive(Set<String> layers) {
        Session s = net.session();
        NetGraph whole = net.graph();
        check(layers, whole.learning());
        TrainingGraph graph = new TrainingGraph(options, layers, slots, s.kernels(), memory(), s.options().fuse());
        Program accumulate = graph.accumulate(whole, false);
        Program accumulateMore = options.accumulate() == 1 ? null : graph.accumulate(net.graph(), true);
        Program update = graph.apply(new Ir(s.type()));
        free(gradients);
        gradients = graph.gradients;
        first = opened(new Run(accumulate, memory(), null));
        more = accumulateMore == null ? null : opened(new Run(accumulateMore, memory(), first.status()));
        apply = opened(new Run(update, memory(), first.status()));
        words = first.statusReadings().orElse(null);
        if (more != null && words != null) {
            firstObjective = first.readings(TrainingGraph.OBJECTIVE).orElse(null);
            moreObjective = more.readings(TrainingGraph.OBJECTIVE).orElse(null);
        }
        frozen = layers;
    }

    private DeviceMemory memory() {
        return net.session().memory().of("net [" + net.name() + "] in training");
    }

    private void check(Set<String> layers, Set<String> known) {
        for (String l : layers) {
            if (!known.contains(l)) {
                throw new ConfigurationException("there is no layer [" + l + "] with parameters to freeze in net ["
                        + net.name() + "]; there are " + known);
            }
        }
    }

    private Run opened(Run r) {
        runs.add(0, r);
        return r;
    }

    private void free(Map<Storage, Storage> old) {
        for (Readings r : new Readings[] {words, firstObjective, moreObjective}) {
            if (r != null) {
                r.close();
            }
        }
        words = null;
        firstObjective = null;
        moreObjective = null;
        runs.forEach(Run::close);
        runs.clear();
        old.values().forEach(Storage::free);
    }

    private void free() {
        free(gradients);
        slots.values().forEach(Storage::free);
    }

    /**
     * Has exactly these layers keep their parameters and states from the next iteration on: their gradients are not
     * even computed, but passed down to the layers before them. What the update rule keeps for them stays too, for the
     * time after. A parameter that a frozen layer shares with others is frozen for all of them.
     *
     * @throws ConfigurationException if a layer is not there or has no parameters, or if an iteration is not completed
     */
    public void freeze(Set<String> layers) {
        if (pending || failed()) {
            throw new ConfigurationException("net [" + net.name() + "]: layers are frozen between two iterations, but the last"
                    + " one " + (failed() ? "failed" : "is not applied yet"));
        }
        if (!layers.equals(frozen)) {
            derive(Collections.unmodifiableSet(new LinkedHashSet<>(layers)));
            fed.forEach(this::load);
        }
    }

    /** The names of the layers that can be frozen: those with parameters or states. */
    public Set<String> freezable() {
        return net.graph().learning();
    }

    /** The names of the frozen layers. */
    public Set<String> frozen() {
        return frozen;
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
        fed.put(blob, value);
        load(blob, value);
        samples = value.shape().rank() == 0 ? 1 : value.shape().dim(0);
    }

    private void load(String blob, HostTensor value) {
        first.load(blob, value);
        if (more != null) {
            more.load(blob, value);
        }
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
        if (words != null || !failed()) {
            this.step = step;                                    // the step that a later report belongs to
        }
        load(run, batch);
        run.counters(net.session().seed(), step);
        run.policies(step / options.accumulate());
        run.scalar("valid", data.length == 0 ? samples : data[0].batchSize());
        run.run();
        pending = true;
        if (words != null) {
            look(1);
            words.begin(step);
        }
        if (more != null) {
            add(run, index);
        }
    }

    /** Adds the objective of a batch, or where the device works on its own that of the batch before. */
    private void add(Run run, int index) {
        if (index == 0) {
            addWaiting();
            sum = 0;
        }
        batches = index + 1;
        if (firstObjective == null) {
            sum += run.read(TrainingGraph.OBJECTIVE).get(0);
            return;
        }
        addWaiting();
        (run == first ? firstObjective : moreObjective).begin(step);
    }

    private void addWaiting() {
        if (firstObjective != null) {
            while (firstObjective.waiting() > 0) {
                sum += firstObjective.take().get(0);
            }
            while (moreObjective.waiting() > 0) {
                sum += moreObjective.take().get(0);
            }
        }
    }

    /** Waits for the status of all batches but the last ones. */
    private void look(int but) {
        while (words.waiting() > but) {
            long[] w = words.take().longs();
            found = found == null && w[0] != Status.OK ? report(w, words.step()) : found;
        }
    }

    private static StatusReport report(long[] w, long step) {
        return new StatusReport(w[0], step, w[2], Double.longBitsToDouble(w[3]));
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
        pending = false;
    }

    /** The objective of the last batch; with several per iteration, the mean over those so far. */
    public double objective() {
        addWaiting();
        return more == null ? first.read(TrainingGraph.OBJECTIVE).get(0) : sum / batches;
    }

    /** The learning rate at an iteration. */
    public double rate(long iteration) {
        return options.rate().at(iteration);
    }

    /** Whether something went wrong; stays until it is cleared. Costs no memory while all is well. */
    public boolean failed() {
        return status().isPresent();
    }

    /** What went wrong first; waits for the device. */
    public Optional<StatusReport> status() {
        if (words != null) {
            look(0);
        }
        if (found != null) {
            return Optional.of(found);
        }
        long[] w = first.statusWords();
        return w[0] == Status.OK ? Optional.empty() : Optional.of(report(w, step));
    }

    /**
     * What is known to have gone wrong, without waiting for the work that was asked for last: on a device that works
     * on its own all but the last batch, elsewhere as {@link #status()}. Parameters are those of the last good
     * iteration all the same, since no device updates them while its status word is set. What goes wrong in {@link
     * #apply} counts as the next batch's.
     */
    public Optional<StatusReport> known() {
        if (words == null) {
            return status();
        }
        look(1);
        return Optional.ofNullable(found);
    }

    public void clearStatus() {
        if (words != null) {
            look(0);
        }
        found = null;
        first.clearStatus();
    }

    /**
     * Computes a batch again with every value kept, and says which layer went wrong first. Parameters are those before
     * the failed step.
     */
    public DataException explain(StatusReport r, List<List<HostTensor>> batch, long step) {
        Session s = net.session();
        Replay replay = Replay.training(net.graph(), s.kernels(), memory());
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
        return new Net.StorageTensors(slots.values());
    }

    /**
     * The gradients of the last iteration, without those of frozen layers, before any rule: {@code
     * conv1___filter___gradient}.
     */
    public Tensors gradients() {
        return new Net.StorageTensors(gradients.values());
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

package org.mocha4j.runtime.train;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.HostTensor;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.Tensors;

/**
 * Trains a net: iteration after iteration, with coffee breaks in between. What the breaks do, the loop does not know.
 * Used by one thread; only {@link #interrupt()} may come from another. Close it before its nets.
 */
public final class Solver implements AutoCloseable {
    private final Subject subject;
    private final SolverConfig config;
    private final Net validation;
    private final Path output;
    private final ProgressListener listener;
    private final Feed feed;
    private final Steps steps;
    private final Lounge lounge;
    private final List<BreakConfig> breaks;
    private final Schedule schedule;
    private final DoubleSupplier objective = this::objective;
    private final Expectations expected = new Expectations();
    private final int accumulate;
    private long iteration;
    private long batches;
    private long taken;
    private boolean stepped;
    private boolean failed;
    private boolean stopped;
    private Runnable lastSnapshot;
    private long wentBackAt = -1;
    private Set<String> frozen;
    private Set<String> applied;
    private volatile boolean interrupted;

    /** A solver that logs, keeps its files in the working directory and has nothing to validate on. */
    public Solver(Net net, SolverConfig config, List<BreakConfig> breaks) {
        this(net, config, breaks, null, null, null);
    }

    /** A solver that logs and keeps its files in the working directory. */
    public Solver(Net net, SolverConfig config, List<BreakConfig> breaks, Net validation) {
        this(net, config, breaks, validation, null, null);
    }

    /**
     * @param net        of phase TRAIN
     * @param validation of phase TEST, for breaks that measure; null for none
     * @param output     the folder that breaks resolve relative paths against; null: the working directory
     * @param listener   who is told; null: the log
     */
    public Solver(Net net, SolverConfig config, List<BreakConfig> breaks, Net validation, Path output,
                  ProgressListener listener) {
        this(Subject.of(net), config, breaks, validation, output, listener,
                lounge -> Steps.of(net.training(config.options(lounge))));
    }

    Solver(Subject subject, SolverConfig config, List<BreakConfig> breaks, Net validation, Path output,
           ProgressListener listener, Function<Lounge, Steps> made) {
        this.subject = subject;
        this.config = config;
        this.breaks = List.copyOf(breaks);
        this.validation = validation;
        this.output = Objects.requireNonNullElse(output, Path.of(""));
        this.listener = Objects.requireNonNullElse(listener, ProgressListener.LOG);
        this.lounge = new Lounge();
        this.steps = made.apply(lounge);
        this.accumulate = config.accumulate();
        this.applied = Collections.unmodifiableSet(new TreeSet<>(config.frozen()));   // in order, so that snapshots are equal
        this.frozen = applied;
        Feed opened = null;
        try {
            opened = new Feed(subject.name(), subject.data());
            this.feed = opened;
            this.schedule = new Schedule(this, this.breaks);
            followRate();
        } catch (RuntimeException | Error e) {
            if (opened != null) {
                opened.close();
            }
            steps.close();
            throw e;
        }
    }

    private void followRate() {
        String type = config.rate().getClass().getSimpleName();
        config.rate().follows().forEach(name -> expect(type, name));
        if (!config.rate().follows().isEmpty() && lastSnapshot == null) {
            schedule.close();
            throw new ConfigurationException("the rate " + type + " goes back to the last snapshot when "
                    + config.rate().follows() + " got worse; add a break Snapshot");
        }
    }

    /**
     * Trains up to the configured number of iterations or until {@link #interrupt()} or {@link #stop()}, breaks included.
     * At iteration 0 all breaks are run first. Where a snapshot was restored only those that decide are: it was written
     * after those of its iteration. The same as {@code begin(); while (advance()) {} end();}
     *
     * @throws DataException if an iteration fails; the parameters are then those of the last good one
     */
    public void solve() {
        begin();
        boolean more = true;
        while (more) {
            more = advance();
        }
        end();
    }

    /** Begins the breaks, which may restore a snapshot, and runs those of iteration 0. For callers who {@link #advance()}. */
    public void begin() {
        schedule.begin(this);
    }

    /**
     * One iteration and the breaks that are due after it.
     *
     * @return false, without doing anything, when the run is at its end, was interrupted or stopped
     */
    public boolean advance() {
        if (iteration >= config.iterations() || interrupted || stopped) {
            return false;
        }
        step();
        schedule.run(this, iteration, feed.epoch());
        return true;
    }

    /** Ends the breaks, of which some save. For callers who {@link #advance()}. */
    public void end() {
        settle();
        schedule.end();
    }

    /**
     * One iteration without breaks: accumulates the gradients of as many batches as configured, then updates.
     *
     * @throws DataException for bad data or a value that is not finite; no parameter is changed by the failing
     *                       iteration, and this solver can go no further. A device that works on its own is asked one
     *                       batch late: then the iteration before has failed, and this one has not changed them either
     */
    public void step() {
        usable();
        failed = true;
        if (frozen != applied) {
            steps.freeze(frozen);
            applied = frozen;
        }
        for (int i = 0; i < accumulate; i++) {
            Batch b = feed.take();
            steps.accumulate(b.tensors(), batches, i);
            check(steps.known(), b);
            feed.release(b);
            batches++;
        }
        steps.apply(iteration);
        check(steps.known(), feed.previous());
        failed = false;
        stepped = true;
        iteration++;
        taken += (long) accumulate * feed.batchSize();
        listener.step(iteration, config.iterations(), taken, objective);
    }

    /** Waits until it is known that all went well so far: before anybody looks at the parameters. */
    void settle() {
        check(steps.status(), feed.previous());
    }

    private void check(Optional<StatusReport> status, Batch b) {
        if (status.isEmpty()) {
            return;
        }
        failed = true;
        StatusReport r = status.get();
        Batch guilty = r.step() < batches && feed.previous() != null ? feed.previous() : b;
        DataException why = steps.explain(r, guilty.tensors(), r.step());
        StringBuilder text = new StringBuilder(why.getMessage()).append("; batch ").append(r.step()).append(" is");
        for (int i = 0; i < subject.data().size(); i++) {
            text.append(i == 0 ? " " : ", ").append(subject.data().get(i).layer()).append(" from sample ")
                    .append(guilty.before(i).sample()).append(" of epoch ").append(guilty.before(i).epoch()).append(" on");
        }
        throw new DataException(text.toString(), why);
    }

    private void usable() {
        if (failed) {
            throw new IllegalStateException("an iteration of this solver failed before; restore a snapshot in a new one");
        }
    }

    /**
     * Sets a blob that the caller feeds in place of a data layer, for the iterations from now on. Snapshots do not know
     * the caller's position in its data.
     */
    public void set(String blob, HostTensor value) {
        steps.set(blob, value);
    }

    /**
     * Has layers keep their parameters and states from the next iteration on; they still compute, and pass gradients down.
     * The programs are made anew; what the update rule keeps stays. Snapshots know which layers are frozen.
     *
     * @throws ConfigurationException if there is no such layer, or it has no parameters
     */
    public void freeze(String... layers) {
        Set<String> next = new TreeSet<>(frozen);
        next.addAll(List.of(layers));
        setFrozen(next);
    }

    /** Has layers learn again from the next iteration on. The others stay as they are. */
    public void unfreeze(String... layers) {
        Set<String> next = new TreeSet<>(frozen);
        List.of(layers).forEach(next::remove);
        setFrozen(next);
    }

    private void setFrozen(Set<String> layers) {
        Set<String> known = steps.freezable();
        for (String l : layers) {
            if (!known.contains(l)) {
                throw new ConfigurationException("there is no layer [" + l + "] with parameters to freeze in net ["
                        + subject.name() + "]; there are " + known);
            }
        }
        frozen = layers.equals(frozen) ? frozen : Collections.unmodifiableSet(layers);
    }

    /** The names of the layers that are frozen in the next iteration. */
    public Set<String> frozen() {
        return frozen;
    }

    /** Asks for the end of {@link #solve()} after the breaks of this iteration; the run counts as complete. For breaks. */
    public void stop() {
        stopped = true;
    }

    /** Whether {@link #stop()} was called. */
    public boolean stopped() {
        return stopped;
    }

    /** Has the run check, after iteration 0, that something records a statistic. */
    void expect(String who, String statistic) {
        expected.add(who, statistic);
    }

    void checkRecorded(boolean mustBeThere) {
        expected.check(this, mustBeThere);
    }

    /** The break that saves snapshots tells how to go back to its last one; the first one's is taken. */
    void lastSnapshot(Runnable goBack) {
        lastSnapshot = lastSnapshot == null ? goBack : lastSnapshot;
    }

    void goBackIfWorse() {
        if (config.rate().goesBack(iteration, lounge)) {
            lastSnapshot.run();
            wentBackAt = iteration;
        }
    }

    /** Whether the parameters are not those that the breaks of this iteration saw. */
    boolean wentBack() {
        return wentBackAt == iteration;
    }

    /** Asks for the end of {@link #solve()}: the iteration in progress is completed, then the breaks end. */
    public void interrupt() {
        interrupted = true;
    }

    public boolean interrupted() {
        return interrupted;
    }

    /** Completed iterations. */
    public long iteration() {
        return iteration;
    }

    /** Completed epochs of the first data layer. */
    public long epoch() {
        return feed.epoch();
    }

    /** Samples of the first data layer taken by this solver, without those before a restored snapshot. */
    public long samples() {
        return taken;
    }

    /** The objective of the last iteration, mean over its batches; NaN before the first one of this solver. */
    public double objective() {
        return stepped ? steps.objective() : Double.NaN;
    }

    public SolverConfig config() {
        return config;
    }

    public List<BreakConfig> breaks() {
        return breaks;
    }

    /** The net in training. */
    public Net net() {
        return subject.net();
    }

    /** The net to measure with; empty if there is none. */
    public Optional<Net> validation() {
        return Optional.ofNullable(validation);
    }

    /** What breaks have recorded. */
    public Lounge lounge() {
        return lounge;
    }

    /** The folder that relative paths of breaks start from. */
    public Path output() {
        return output;
    }

    public ProgressListener listener() {
        return listener;
    }

    /** Parameters and states of the net in training. */
    public Tensors parameters() {
        return subject.parameters();
    }

    /** What the update rule keeps: {@code conv1___filter___momentum}. */
    public Tensors slots() {
        return steps.slots();
    }

    Subject subject() {
        return subject;
    }

    long batches() {
        return batches;
    }

    /** Where each data layer's stream stands after the last completed iteration. */
    List<Position> positions() {
        usable();
        settle();
        return feed.consumed();
    }

    void restore(long toIteration, long toBatches, List<Position> positions, Set<String> toFrozen) {
        setFrozen(toFrozen);
        feed.restore(positions);
        iteration = toIteration;
        batches = toBatches;
    }

    @Override
    public void close() {
        feed.close();
        schedule.close();
        steps.close();
    }
}

package org.mocha4j.runtime.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.Tensors;
import org.mocha4j.runtime.TrainingOptions;

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
    private final Lounge lounge = new Lounge();
    private final List<BreakConfig> breaks;
    private final Schedule schedule;
    private final DoubleSupplier objective = this::objective;
    private final int accumulate;
    private long iteration;
    private long batches;
    private long taken;
    private boolean stepped;
    private boolean failed;
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
        this(Subject.of(net), config, breaks, validation, output, listener, Steps.of(net.training(new TrainingOptions(
                config.rule(), config.regularization(), config.rate(), config.gradients(), config.accumulate()))));
    }

    Solver(Subject subject, SolverConfig config, List<BreakConfig> breaks, Net validation, Path output,
           ProgressListener listener, Steps steps) {
        this.subject = subject;
        this.config = config;
        this.breaks = List.copyOf(breaks);
        this.validation = validation;
        this.output = Objects.requireNonNullElse(output, Path.of(""));
        this.listener = Objects.requireNonNullElse(listener, ProgressListener.LOG);
        this.steps = steps;
        this.accumulate = config.accumulate();
        Feed opened = null;
        try {
            opened = new Feed(subject.name(), subject.data());
            this.feed = opened;
            this.schedule = new Schedule(this, this.breaks);
        } catch (RuntimeException | Error e) {
            if (opened != null) {
                opened.close();
            }
            steps.close();
            throw e;
        }
    }

    /**
     * Trains up to the configured number of iterations or until {@link #interrupt()}, breaks included. At iteration 0
     * all breaks are run first. Where a snapshot was restored none is: it was written after those of its iteration.
     *
     * @throws DataException if an iteration fails; the parameters are then those of the last good one
     */
    public void solve() {
        schedule.begin(this);
        while (iteration < config.iterations() && !interrupted) {
            step();
            schedule.run(iteration, feed.epoch());
        }
        check(feed.previous());
        schedule.end();
    }

    /**
     * One iteration without breaks: accumulates the gradients of as many batches as configured, then updates.
     *
     * @throws DataException for bad data or a value that is not finite; no parameter is changed by the failing
     *                       iteration, and this solver can go no further
     */
    public void step() {
        usable();
        failed = true;
        for (int i = 0; i < accumulate; i++) {
            Batch b = feed.take();
            steps.accumulate(b.tensors(), batches, i);
            check(b);
            feed.release(b);
            batches++;
        }
        steps.apply(iteration);
        check(feed.previous());
        failed = false;
        stepped = true;
        iteration++;
        taken += (long) accumulate * feed.batchSize();
        listener.step(iteration, config.iterations(), taken, objective);
    }

    private void check(Batch b) {
        Optional<StatusReport> status = steps.status();
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
        check(feed.previous());
        return feed.consumed();
    }

    void restore(long toIteration, long toBatches, List<Position> positions) {
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

package org.mocha4j.runtime.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/**
 * A whole run, as a net's file describes it: opens a session and the nets, trains or measures, and closes everything.
 * {@link #interrupt()} may come from another thread, at any time.
 */
public final class TrainingRun {
    private final Catalog catalog;
    private final Job job;
    private final Options options;
    private Solver solver;
    private Validation validation;
    private boolean interrupted;

    /**
     * What is to be done.
     *
     * @param nodes  of both phases
     * @param net    how the nets are built; null: as usual
     * @param solver null where nothing is trained
     * @param breaks null: none
     */
    public record Job(String name, List<Node> nodes, NetOptions net, SolverConfig solver, List<BreakConfig> breaks) {
        public Job {
            nodes = List.copyOf(nodes);
            net = Objects.requireNonNullElse(net, NetOptions.DEFAULT);
            breaks = breaks == null ? List.of() : List.copyOf(breaks);
        }
    }

    /**
     * How it is to be done.
     *
     * @param output     the folder that snapshots are relative to; null: the working directory
     * @param iterations replaces the solver's; null leaves them
     * @param listener   who is told; null: the log
     */
    public record Options(SessionOptions session, Path output, Integer iterations, ProgressListener listener) {
        public Options {
            output = Objects.requireNonNullElse(output, Path.of(""));
            listener = Objects.requireNonNullElse(listener, ProgressListener.LOG);
        }
    }

    /**
     * What came out.
     *
     * @param iterations   completed, those before a resumed snapshot included
     * @param interrupted  whether the run ended early
     * @param objective    of the last iteration; NaN if there was none
     * @param measurements of the validation net after the last iteration; none if it has no statistics or the run was
     *                     interrupted
     * @param samples      trained on in this run
     * @param seconds      of the training, coffee breaks included
     */
    public record Result(long iterations, boolean interrupted, double objective, List<Measured> measurements,
                         long samples, double seconds) {
        /** 0 where nothing was trained. */
        public double samplesPerSecond() {
            return samples == 0 ? 0 : samples / seconds;
        }
    }

    public TrainingRun(Catalog catalog, Job job, Options options) {
        this.catalog = catalog;
        this.job = job;
        this.options = options;
    }

    /**
     * Trains, and measures once more at the end if the last iteration had no validation.
     *
     * @throws ConfigurationException if the job has no solver
     */
    public Result train() {
        if (job.solver() == null) {
            throw new ConfigurationException(job.name() + " has no solver; add one, such as solver: {type: SGD, …}");
        }
        SolverConfig config = options.iterations() == null ? job.solver()
                : job.solver().withIterations(options.iterations());
        try (Session session = Session.open(catalog, options.session());
             Net net = session.net(job.name() + "-train", Phase.TRAIN, job.nodes(), job.net());
             Net test = validates() ? session.net(job.name() + "-test", Phase.TEST, job.nodes(), job.net()) : null;
             Solver s = new Solver(net, config, job.breaks(), test, options.output(), options.listener())) {
            attach(s);
            options.listener().line("Backend " + session.selection());
            idle(net, test);
            long start = System.nanoTime();
            s.solve();
            double seconds = (System.nanoTime() - start) * 1e-9;
            boolean early = s.interrupted() && s.iteration() < config.iterations();
            return new Result(s.iteration(), early, s.objective(), early || test == null ? List.of() : last(s, test),
                    s.samples(), seconds);
        } finally {
            attach((Solver) null);
        }
    }

    /** Sinks take nothing in a training, which goes over the same samples again and again. */
    private void idle(Net net, Net test) {
        Set<String> sinks = new TreeSet<>(net.sinks());
        sinks.addAll(test == null ? List.of() : test.sinks());
        if (!sinks.isEmpty()) {
            options.listener().line("Nothing is written by " + sinks + " while training; mocha test feeds sinks");
        }
    }

    /** Whether there is something to measure with: nodes for the test phase only, or a break that asks for it. */
    private boolean validates() {
        return job.nodes().stream().anyMatch(n -> n.phase() == Phase.TEST)
                || job.breaks().stream().anyMatch(b -> b.coffeeBreak() instanceof ValidationPerformance);
    }

    private List<Measured> last(Solver s, Net test) {
        boolean possible = test.hasStatistics() && !test.data().isEmpty() && test.data().get(0).stream().size().isPresent();
        return s.lounge().measured(s.iteration()).filter(m -> !s.wentBack())
                .orElseGet(() -> possible ? measure(test) : List.of());
    }

    private List<Measured> measure(Net test) {
        try (Validation v = new Validation(test, false)) {
            List<Measured> found = v.run();
            ValidationPerformance.lines(found).forEach(options.listener()::line);
            return found;
        }
    }

    private synchronized void attach(Solver s) {
        solver = s;
        if (s != null && interrupted) {
            s.interrupt();
        }
    }

    /**
     * Ends {@link #train()} after the iteration in progress, when breaks have saved, and {@link #evaluate} after the
     * batch in progress, when sinks have kept theirs.
     */
    public synchronized void interrupt() {
        interrupted = true;
        if (solver != null) {
            solver.interrupt();
        }
        if (validation != null) {
            validation.interrupt();
        }
    }

    private synchronized void attach(Validation v) {
        validation = v;
        if (v != null && interrupted) {
            v.interrupt();
        }
    }

    /** What an epoch of the test phase has shown. @param samples fewer than there are if it was interrupted */
    public record Evaluation(List<Measured> measurements, long samples, boolean interrupted) {
    }

    /**
     * One epoch of the test phase; sinks are fed.
     *
     * @param parameters a snapshot, a parameter file, or a folder whose newest whole snapshot is taken
     * @throws ConfigurationException if there is no such file, it does not fit, or the test phase has neither statistic
     *                                nor sink
     */
    public Evaluation evaluate(Path parameters) {
        try (Session session = Session.open(catalog, options.session());
             Net test = session.net(job.name() + "-test", Phase.TEST, job.nodes(), job.net())) {
            if (!test.hasStatistics() && test.sinks().isEmpty()) {
                throw new ConfigurationException(job.name() + " has neither statistic nor sink in phase test; add one,"
                        + " such as Accuracy or HDF5Output");
            }
            options.listener().line("Backend " + session.selection());
            ParameterFile.load(parameters, catalog, test.parameters(), options.listener()::warning);
            try (Validation v = new Validation(test)) {
                attach(v);
                List<Measured> found = v.run();
                if (!found.isEmpty()) {
                    ValidationPerformance.lines(found).forEach(options.listener()::line);
                }
                if (!test.sinks().isEmpty()) {
                    options.listener().line("Fed " + v.samples() + " samples to " + test.sinks());
                }
                return new Evaluation(found, v.samples(), v.samples() < v.size());
            } finally {
                attach((Validation) null);
            }
        }
    }
}

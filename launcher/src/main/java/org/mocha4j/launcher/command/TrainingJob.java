package org.mocha4j.launcher.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.TrainingRun;
import org.mocha4j.runtime.train.TrainingRun.Job;
import org.mocha4j.runtime.train.TrainingRun.Options;
import org.mocha4j.runtime.train.TrainingRun.Result;
import picocli.CommandLine;

/** Trains a net with progress, signals and a report at the end: what {@code run} and {@code train} share. */
final class TrainingJob {
    private final Host host;
    private final NetFile net;
    private final boolean json;
    private final Progress progress;

    TrainingJob(Host host, NetFile net, boolean json, Progress progress) {
        this.host = host;
        this.net = net;
        this.json = json;
        this.progress = progress;
    }

    /**
     * Trains and reports.
     *
     * @param iterations null: the file's
     * @param heldOut    what the last measurement is on, for people
     * @return the exit code
     */
    int train(Catalog catalog, Settings settings, Path output, Integer iterations, String heldOut) {
        TrainingRun run = new TrainingRun(catalog, job(), new Options(settings.session(catalog, net.base()), output,
            iterations, progress));
        boolean saves = net.experiment().breaks().stream().anyMatch(b -> b.coffeeBreak() instanceof Snapshot);
        boolean resumes = net.experiment().breaks().stream()
            .anyMatch(b -> b.coffeeBreak() instanceof Snapshot s && s.autoLoad());
        Result result;
        try (Signals signals = Signals.onInterrupt(() -> {
            progress.close();
            host.err().println("Interrupted: " + (saves ? "saving" : "stopping") + " after this iteration"
                + "; once more ends at once.");
            run.interrupt();
        })) {
            result = run.train();
        } finally {
            progress.close();
        }
        String next = !saves ? "nothing is saved, because the net has no break of type Snapshot"
            : !resumes ? "it is saved" : "the same command " + (output.toString().isEmpty() ? "" : "with --output " + output + " ")
            + "goes on from there";
        report(result, settings.chosen(catalog), settings, output, next, heldOut);
        return result.interrupted() ? Mocha.INTERRUPTED : CommandLine.ExitCode.OK;
    }

    private Job job() {
        return new Job(net.name(), net.nodes(), net.options(), net.experiment().solver(), net.experiment().breaks());
    }

    private void report(Result r, String backend, Settings settings, Path output, String next, String heldOut) {
        if (json) {
            host.out().println(Json.text(Json.map("net", net.name(), "file", net.shown(),
                "backend", backend, "seed", settings.seed().value(),
                "type", settings.type().value().name().toLowerCase(Locale.ROOT),
                "iterations", r.iterations(), "interrupted", r.interrupted(), "objective", r.objective(),
                "samples", r.samples(), "seconds", r.seconds(), "samplesPerSecond", r.samplesPerSecond(),
                "output", output.toString(), "measurements", measurements(r.measurements()))));
        } else if (r.interrupted()) {
            host.out().println("Interrupted after iteration " + Text.number(r.iterations()) + "; " + next);
        } else {
            String time = r.seconds() < 10 ? String.format(Locale.ROOT, "%.1f s", r.seconds())
                : Text.duration(r.seconds());
            host.out().println(Text.number(r.iterations()) + " iterations" + (r.samples() == 0
                ? ", none of them in this run" : "; " + Text.number(r.samples()) + " samples in " + time + ", "
                + Text.number(Math.round(r.samplesPerSecond())) + " per second"));
            r.measurements().forEach(m -> host.out().println(m.measurement().text() + " on " + heldOut));
        }
        host.out().flush();
    }

    /** One map for each figure. */
    static List<Map<String, Object>> measurements(List<Measured> found) {
        return found.stream().map(m -> Json.map("layer", m.layer(), "name", m.measurement().name(),
            "value", m.measurement().value(), "text", m.measurement().text())).toList();
    }
}

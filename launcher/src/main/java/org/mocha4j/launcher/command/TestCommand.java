package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.train.SnapshotFolder;
import org.mocha4j.runtime.train.TrainingRun;
import org.mocha4j.runtime.train.TrainingRun.Evaluation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha test NET --from FILE}: measures trained parameters on one epoch of the test phase. */
@Command(name = "test", sortOptions = false,
    description = "Measures trained parameters on one epoch of a net's test phase.")
final class TestCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "NET", description = "A file such as net.yaml, or an example.") private String name;
    @Option(names = "--from", paramLabel = "PATH", required = true, description = "A snapshot, a parameter file, or "
        + "a folder whose newest snapshot is taken, such as the --output of a run.") private Path from;
    @Option(names = "--data", paramLabel = "DIR", description = "For examples, as for 'mocha run'.") private Path data;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    TestCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        Catalog catalog = host.catalog();
        NetFile net = NetFile.read(name, arguments.set, catalog);
        boolean own = net.example() == null || net.example().data() == Example.Data.OWN;
        if (own && data != null) {
            throw new ParameterException(spec.commandLine(), "--data is for examples that take data; " + name
                + " names its own, and --set layers.NAME.source=FILE changes that");
        }
        Settings settings = Settings.of(device, net.experiment(), host.environment());
        settings.session(catalog, net.base());
        Progress progress = Progress.of(host, arguments.json);
        if (own) {
            return test(catalog, net, settings, progress, "the test data");
        }
        if (!net.example().ofDigits()) {
            CifarImages.require(name, data);
        }
        Path scratch = Files.createTempDirectory("mocha-data-");
        try {
            Digits digits = Digits.prepareTest(net.example(), data, settings.seed().value(), scratch, progress::line);
            List<String> set = new ArrayList<>(digits.overrides(net.example()));
            set.addAll(arguments.set);
            return test(catalog, NetFile.read(name, set, catalog), settings, progress, digits.heldOut());
        } finally {
            delete(scratch);
        }
    }

    private int test(Catalog catalog, NetFile net, Settings settings, Progress progress, String heldOut) {
        Path parameters = parameters(from, catalog);
        progress.line("Parameters: " + parameters);
        TrainingRun run = new TrainingRun(catalog,
            new TrainingRun.Job(net.name(), net.nodes(), net.options(), null, null),
            new TrainingRun.Options(settings.session(catalog, net.base()), null, null, progress));
        Evaluation found;
        try (Signals signals = Signals.onInterrupt(() -> {
            host.err().println("Interrupted: stopping after this batch; once more ends at once.");
            run.interrupt();
        })) {
            found = run.evaluate(parameters);
        }
        if (arguments.json) {
            host.out().println(Json.text(Json.map("net", net.name(), "file", net.shown(), "from", parameters.toString(),
                "samples", found.samples(), "interrupted", found.interrupted(),
                "measurements", TrainingJob.measurements(found.measurements()))));
        } else {
            found.measurements().forEach(m -> host.out().println(m.measurement().text() + " on " + heldOut));
        }
        host.out().flush();
        return found.interrupted() ? Mocha.INTERRUPTED : CommandLine.ExitCode.OK;
    }

    /** The output folder of a run has its snapshots in a folder of their own. */
    static Path parameters(Path from, Catalog catalog) {
        Path snapshots = from.resolve("snapshots");
        boolean output = Files.isDirectory(snapshots) && new SnapshotFolder(from, catalog).newestFirst().isEmpty();
        return output ? snapshots : from;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

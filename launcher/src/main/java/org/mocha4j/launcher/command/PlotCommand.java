package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.launcher.command.Curves.Curve;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.train.CoffeeLounge;
import org.mocha4j.runtime.train.Lounge;
import org.mocha4j.runtime.train.SnapshotFolder;
import org.mocha4j.runtime.train.TrainingSummary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha plot RUN…}: loss and accuracy over the iterations of one or several runs. */
@Command(name = "plot", sortOptions = false,
    description = "Plots loss and accuracy of one or several runs over their iterations.",
    footer = {"", "The figures are those that the newest snapshot of a run holds: the objective that the break "
        + "TrainingSummary reports, and what ValidationPerformance measures, if its name ends in -loss or -accuracy."})
final class PlotCommand implements Callable<Integer> {
    private static final String ACCURACY = "-accuracy";

    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "RUN", arity = "1..*", description = "The output folder of a run, a folder of snapshots, "
        + "one snapshot, or a file that the break CoffeeLounge wrote.") private List<Path> runs;
    @Option(names = "--output", paramLabel = "FILE", description = "A new file.png or file.svg; default: plot.png.")
    private Path output = Path.of("plot.png");
    @Option(names = "--force", description = "Replaces the file if it is there.") private boolean force;

    PlotCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        OutputFile file = new OutputFile(output, force);
        String format = file.format(spec, List.of("png", "svg"));
        file.check();
        Catalog catalog = host.catalog();
        Map<String, Curve> curves = new LinkedHashMap<>();
        for (Path run : runs) {
            curves(run, lounge(run, catalog), curves);
        }
        file.write(Curves.draw(List.copyOf(curves.values()), format));
        host.out().println("Wrote " + output + ": " + String.join(", ", curves.keySet()));
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private Lounge lounge(Path run, Catalog catalog) {
        if (Files.notExists(run)) {
            throw new ConfigurationException(run + " does not exist; expected: the output folder of a run, a folder of "
                + "snapshots, or a snapshot");
        }
        if (!Files.isDirectory(run)) {
            return CoffeeLounge.isLounge(run) ? CoffeeLounge.read(run) : SnapshotFolder.lounge(run, catalog);
        }
        SnapshotFolder own = new SnapshotFolder(run, catalog);
        SnapshotFolder found = own.newestFirst().isEmpty()
            ? new SnapshotFolder(run.resolve("snapshots"), catalog) : own;
        return found.lounge(w -> host.err().println("mocha: " + w)).orElseThrow(() -> new ConfigurationException(run
            + " has no snapshots, and none in a folder snapshots; expected: files such as snapshot-000123.h5"));
    }

    private void curves(Path run, Lounge lounge, Map<String, Curve> curves) {
        List<Curve> found = new ArrayList<>();
        for (String name : lounge.names()) {
            boolean accuracy = name.endsWith(ACCURACY);
            if (accuracy || name.equals(TrainingSummary.OBJECTIVE) || name.endsWith("-loss")) {
                Curve c = new Curve((runs.size() == 1 ? "" : label(run) + ": ") + figure(name), accuracy,
                    lounge.history(name));
                if (!c.values().isEmpty()) {
                    found.add(c);
                }
            }
        }
        if (found.isEmpty()) {
            throw new ConfigurationException(run + " has no loss or accuracy to plot; its breaks recorded "
                + (lounge.names().isEmpty() ? "nothing" : String.join(", ", lounge.names()))
                + ". The breaks TrainingSummary and ValidationPerformance record them until a snapshot");
        }
        for (Curve c : found) {
            if (curves.putIfAbsent(c.name(), c) != null) {
                throw new ConfigurationException(run + " is given twice; name each run once");
            }
        }
    }

    /** {@code objective} is of training; {@code accuracy-accuracy} is a layer of that name measuring it. */
    private static String figure(String name) {
        if (name.equals(TrainingSummary.OBJECTIVE)) {
            return "training loss";
        }
        int half = name.length() / 2;
        return name.length() % 2 == 1 && name.substring(0, half).equals(name.substring(half + 1))
            ? name.substring(0, half) : name;
    }

    /** The run's folder; its path where another run's folder has the same name. */
    private String label(Path run) {
        return runs.stream().filter(r -> name(r).equals(name(run))).count() > 1 ? run.toString() : name(run);
    }

    private static String name(Path run) {
        Path path = run.toAbsolutePath().normalize();
        boolean inner = path.endsWith("snapshots") && path.getParent().getFileName() != null;
        Path shown = inner ? path.getParent().getFileName() : path.getFileName();
        return shown == null ? path.toString() : shown.toString();
    }
}

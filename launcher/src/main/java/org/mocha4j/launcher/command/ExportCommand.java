package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.train.ParameterFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mocha export RUN --output FILE.h5}: the parameters of a snapshot alone, for other programs. */
@Command(name = "export", sortOptions = false,
    description = "Writes the parameters of a snapshot, and nothing else of it, to a flat HDF5 file.",
    footer = {"", "The file has one data set layer___param for each parameter, as 'mocha import', 'mocha test --from' "
        + "and Mocha read it."})
final class ExportCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "RUN", description = "The output folder of a run, a folder of snapshots (the newest is "
        + "taken), or one snapshot.") private Path from;
    @Option(names = "--output", paramLabel = "FILE.h5", required = true, description = "A new file.")
    private Path output;
    @Option(names = "--force", description = "Replaces the file if it is there.") private boolean force;

    ExportCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        OutputFile file = new OutputFile(output, force);
        file.check();
        Catalog catalog = host.catalog();
        ParameterFile parameters = ParameterFile.read(TestCommand.parameters(from, catalog), catalog,
            w -> host.err().println("mocha: " + w));
        file.write(part -> ParameterFile.write(part, parameters.tensors(), catalog));
        host.out().println("Wrote " + output + ": " + String.join(", ", parameters.tensors().keySet()) + " of "
            + parameters.path());
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }
}

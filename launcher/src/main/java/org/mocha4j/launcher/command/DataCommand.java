package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.MnistData;
import org.mocha4j.launcher.data.MnistDownload;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha data mnist}: makes the HDF5 files of a data set; the only command that may use the network. */
@Command(name = "data", sortOptions = false,
    description = "Writes train.hdf5, test.hdf5 and the lists train.txt and test.txt of a data set.",
    footer = {"", "Without --from the four official files are fetched from public mirrors, their checksums compared, "
        + "and kept in the folder."})
final class DataCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "SET", description = "mnist.") private String set;
    @Option(names = "--from", paramLabel = "DIR", description = "A folder with the four IDX files, gzipped or not.")
    private Path from;
    @Option(names = "--output", paramLabel = "DIR", defaultValue = "data",
        description = "Where to write; default: data.")
    private Path output;

    DataCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException, InterruptedException {
        if (!set.equals("mnist")) {
            throw new ParameterException(spec.commandLine(), "no data set [" + set + "]; there are: mnist");
        }
        for (String name : List.of("train.hdf5", "test.hdf5", "train.txt", "test.txt")) {
            if (Files.exists(output.resolve(name))) {
                throw new ConfigurationException(output.resolve(name)
                    + " is there already and is left as it is; delete it or give another --output");
            }
        }
        Path idx = from;
        if (idx == null) {
            idx = output;
            MnistDownload.OFFICIAL.into(output, line -> host.out().println(line));
        }
        MnistData train = MnistData.train(idx);
        MnistData test = MnistData.test(idx);
        DataWriter.write(train, test, output);
        host.out().println("Wrote " + Text.number(train.size()) + " training and " + Text.number(test.size())
            + " test images to " + output.resolve("train.hdf5") + " and " + output.resolve("test.hdf5"));
        host.out().println("Now: mocha run mnist --data " + output);
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }
}

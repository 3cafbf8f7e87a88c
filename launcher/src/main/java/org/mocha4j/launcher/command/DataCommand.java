package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.launcher.data.CifarData;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.Download;
import org.mocha4j.launcher.data.MnistData;
import org.mocha4j.launcher.data.SampleSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha data mnist|cifar10}: makes the HDF5 files of a data set; the only command that may use the network. */
@Command(name = "data", sortOptions = false,
    description = "Writes train.hdf5, test.hdf5 and the lists train.txt and test.txt of a data set, for cifar10 "
        + "also mean.hdf5, the mean image.",
    footer = {"", "Without --from the official files are fetched from public mirrors (mnist 12 MB, cifar10 162 MB), "
        + "their checksums compared, and kept in the folder."})
final class DataCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "SET", description = "mnist or cifar10.") private String set;
    @Option(names = "--from", paramLabel = "DIR", description = "A folder with the four IDX files, gzipped or not, "
        + "or with CIFAR-10's binary files or their archive.")
    private Path from;
    @Option(names = "--output", paramLabel = "DIR", defaultValue = "data",
        description = "Where to write; default: data.")
    private Path output;

    DataCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException, InterruptedException {
        boolean cifar = set.equals("cifar10");
        if (!cifar && !set.equals("mnist")) {
            throw new ParameterException(spec.commandLine(), "no data set [" + set + "]; there are: mnist, cifar10");
        }
        for (String name : List.of("train.hdf5", "test.hdf5", "train.txt", "test.txt", "mean.hdf5")) {
            if (Files.exists(output.resolve(name))) {
                throw new ConfigurationException(output.resolve(name)
                    + " is there already and is left as it is; delete it or give another --output");
            }
        }
        Path files = from;
        if (files == null) {
            files = output;
            (cifar ? Download.CIFAR10 : Download.MNIST).into(output, line -> host.out().println(line));
        }
        SampleSet train = cifar ? CifarData.train(files) : MnistData.train(files);
        SampleSet test = cifar ? CifarData.test(files) : MnistData.test(files);
        if (cifar) {
            CifarImages.write((CifarData) train, (CifarData) test, output);
        } else {
            DataWriter.write(train, test, output);
        }
        host.out().println("Wrote " + Text.number(train.size()) + " training and " + Text.number(test.size())
            + " test images to " + output.resolve("train.hdf5") + " and " + output.resolve("test.hdf5"));
        host.out().println("Now: mocha run " + set + " --data " + output);
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }
}

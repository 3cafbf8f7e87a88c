package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.runtime.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mocha train NET.yaml}: trains the net in a file as the file says. */
@Command(name = "train", sortOptions = false,
    description = "Trains the net in a file, with the solver and the coffee breaks that the file has.",
    footer = {"", "Relative paths of data in the file start from its folder, those of snapshots from --output."})
final class TrainCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Parameters(paramLabel = "NET.yaml", description = "The file.") private String file;
    @Option(names = "--iterations", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Updates to make in all; default: the file's.") private Integer iterations;
    @Option(names = "--output", paramLabel = "DIR", description = "The folder for snapshots; default: that of the "
        + "file.")
    private Path output;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments arguments;

    TrainCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        if (Example.named(file).isPresent() && Files.notExists(Path.of(file))) {
            throw new ConfigurationException(file + " is an example, not a file; try: mocha run " + file);
        }
        Catalog catalog = host.catalog();
        NetFile net = NetFile.read(file, arguments.set, catalog);
        Settings settings = Settings.of(device, net.experiment(), host.environment());
        Path folder = output == null ? Path.of(file).resolveSibling("") : Files.createDirectories(output);
        return new TrainingJob(host, net, arguments.json, Progress.of(host, arguments.json))
            .train(catalog, settings, folder, iterations, "the test data");
    }
}

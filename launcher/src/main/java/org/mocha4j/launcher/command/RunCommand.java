package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.config.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha run mnist}: trains an example, on data that are there or, for digits, on such as it draws. */
@Command(name = "run", sortOptions = false,
    description = "Trains an example and measures it on samples it has not seen.",
    footer = {"", "Examples:", "  mnist                LeNet, the convolutional net of the tutorial",
        "  mnist-logistic       multinomial logistic regression on the pixels, for comparison",
        "  mnist-dropout        fully connected layers with dropout",
        "  mnist-two-heads      one body that names digits and paints them, losses weighted",
        "  mnist-autoencoder-1  a denoising auto-encoder: its first layer",
        "  mnist-autoencoder-2  its second layer, on the output of the first",
        "  mnist-autoencoder-3  a classifier that starts with both",
        "  regression           a curve through noisy points, which are in its file",
        "  cifar10              the tutorial's \"full\" net on CIFAR-10, which it needs", "",
        "Without --data the examples of digits draw them and train for 1000 iterations.",
        "A run in a folder that has snapshots goes on from the newest; snapshots of another net are an error."})
final class RunCommand implements Callable<Integer> {
    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "EXAMPLE", description = "One of those below.") private String name;
    @Option(names = "--data", paramLabel = "DIR", description = "A folder with MNIST's four IDX files, gzipped or "
        + "not, with CIFAR-10's binary files, or with what 'mocha data' writes.") private Path data;
    @Option(names = "--iterations", paramLabel = "N", converter = DeviceArguments.Count.class,
        description = "Updates to make in all; default: the net's, for mnist 10000; on drawn digits 1000.")
    private Integer iterations;
    @Option(names = "--output", paramLabel = "DIR", description = "The folder for data and snapshots; default: a new "
        + "one, mocha-runs/EXAMPLE-1 and so on.") private Path output;
    @Mixin private DeviceArguments device;
    @Mixin private NetArguments net;

    RunCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() throws IOException {
        Example example = Example.named(name).orElseThrow(() -> new ParameterException(spec.commandLine(),
            "no example [" + name + "]; there are: " + Example.names()
            + (Files.exists(Path.of(name)) ? ". To train the net in a file: mocha train " + name : "")));
        Catalog catalog = host.catalog();
        Experiment plain = NetFile.read(name, net.set, catalog).experiment();   // before anything is written
        Settings settings = Settings.of(device, plain, host.environment());
        settings.session(catalog, Path.of(""));
        require(example);
        Progress progress = Progress.of(host, net.json);
        Path folder = output == null ? newFolder(example) : Files.createDirectories(output);
        if (example.data() == Example.Data.OWN) {
            return new TrainingJob(host, NetFile.read(name, net.set, catalog), net.json, progress)
                .train(catalog, settings, folder, iterations, "the test data");
        }
        Digits digits = digits(example, settings, folder, progress);
        List<String> set = new ArrayList<>(digits.overrides(example));
        if (digits.drawn()) {
            set.add("solver.iterations=" + Example.DRAWN_ITERATIONS);
        }
        set.addAll(net.set);
        return new TrainingJob(host, NetFile.read(name, set, catalog), net.json, progress)
            .train(catalog, settings, folder, iterations, digits.heldOut());
    }

    private void require(Example example) {
        if (example.data() == Example.Data.CIFAR10) {
            CifarImages.require(name, data);
        }
        if (example.data() == Example.Data.OWN && data != null) {
            throw new ParameterException(spec.commandLine(), "--data: " + name + " has its data in its file");
        }
    }

    private Digits digits(Example example, Settings settings, Path folder, Progress progress) throws IOException {
        try {
            return Digits.prepare(example, data, settings.seed().value(), folder.resolve("data"), progress::line);
        } catch (IOException | RuntimeException e) {
            try (Stream<Path> made = Files.list(folder)) {
                if (output == null && made.findAny().isEmpty()) {
                    Files.delete(folder);
                }
            }
            throw e;
        }
    }

    private static Path newFolder(Example example) throws IOException {
        Path runs = Files.createDirectories(Path.of("mocha-runs"));
        for (int i = 1; ; i++) {
            try {
                return Files.createDirectory(runs.resolve(example.name() + "-" + i));
            } catch (FileAlreadyExistsException e) {
                continue;
            }
        }
    }
}

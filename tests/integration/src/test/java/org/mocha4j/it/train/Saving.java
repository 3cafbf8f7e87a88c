package org.mocha4j.it.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Spec;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.train.Break;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.ProgressListener;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.runtime.train.TrainingRun;
import org.mocha4j.solvers.SGD;

/**
 * A run in a process of its own that saves after every iteration and says so on standard output; made to be killed.
 * Arguments: output folder, inputs and outputs of the only layer, iterations, snapshots to keep (0: all), and where to
 * stop and wait for the kill: iteration and {@link Stage}.
 */
final class Saving {
    /** Where in the writing of a snapshot the process waits. */
    enum Stage { NEVER, NO_BYTE, A_THIRD, ALL_BUT_ONE_BYTE, NOT_FORCED, FORCED, READ_BACK }

    private Saving() {
    }

    static List<Node> nodes(int inputs, int outputs) {
        int samples = 10;
        RandomStream random = new RandomStream(5, "rows");
        HostTensor x = HostTensor.allocate(Spec.of(DataType.FLOAT32, samples, inputs));
        HostTensor y = HostTensor.allocate(Spec.of(DataType.FLOAT32, samples, 1));
        for (int i = 0; i < x.elements(); i++) {
            x.set(i, (float) random.uniform());
        }
        for (int i = 0; i < samples; i++) {
            y.set(i, i % outputs);
        }
        MemoryData data = new MemoryData(2, List.of(x.toArray(), y.toArray()), null, true, null);
        return List.of(Small.source("rows", data, Phase.TRAIN), Node.of("drop", new Dropout(0.3), "data", "drop"),
                Node.of("ip", new InnerProduct(outputs), "drop", "ip"),
                Node.sink("loss", new SoftmaxLoss(), "ip", "label"));
    }

    static SolverConfig solver(int iterations) {
        return Small.solver(new SGD(0.9), iterations, 1);
    }

    public static void main(String[] args) {
        try {
            train(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]),
                    args[4].equals("0") ? null : Integer.valueOf(args[4]),
                    catalog(new Waiting(Integer.parseInt(args[5]), Stage.valueOf(args[6]))), Saving::print);
        } catch (MochaException e) {
            print("FAILED " + e.getMessage());
            System.exit(1);
        }
    }

    static void train(Path output, int inputs, int outputs, int iterations, Integer keep, Catalog catalog,
                      Consumer<String> say) {
        List<BreakConfig> breaks = List.of(BreakConfig.everyIterations(1, new Snapshot("s", true, null, null, keep)),
                BreakConfig.everyIterations(1, s -> acknowledge(s, say)));
        new TrainingRun(catalog, new TrainingRun.Job("kills", nodes(inputs, outputs), null, solver(iterations), breaks),
                new TrainingRun.Options(Small.options("cpu"), output, null, new Voice(output.resolve("s"), say)))
                .train();
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Stands after Snapshot in the list, so it is told when the snapshot is there. */
    private static Break acknowledge(Solver s, Consumer<String> say) {
        return new Break() {
            @Override
            public void run() {
                say.accept("SAVED " + s.iteration());
            }

            @Override
            public boolean saves() {
                return true;
            }
        };
    }

    /** Says everything, and after the first step how many temporary files there are. */
    private static final class Voice implements ProgressListener {
        private final Path folder;
        private final Consumer<String> say;
        private boolean stepped;

        Voice(Path folder, Consumer<String> say) {
            this.folder = folder;
            this.say = say;
        }

        @Override
        public void line(String text) {
            say.accept(text);
        }

        @Override
        public void step(long iteration, long total, long samples, DoubleSupplier objective) {
            if (stepped) {
                return;
            }
            stepped = true;
            try (Stream<Path> files = Files.list(folder)) {
                say.accept("LEFT " + files.filter(f -> f.toString().endsWith(".tmp")).count());
            } catch (IOException e) {
                say.accept("LEFT " + e);
            }
        }
    }

    private static Catalog catalog(Format format) {
        List<LoadedPlugin> plugins = new ArrayList<>(PluginLoader.load(Saving.class.getClassLoader()));
        plugins.removeIf(p -> p.plugin() != null && p.plugin().getClass().getName().startsWith("org.mocha4j.hdf5."));
        plugins.add(LoadedPlugin.of(new Plugin() {
            @Override
            public PluginInfo info() {
                return new PluginInfo("", "1", "HDF5 that waits");
            }

            @Override
            public void register(Registrar r) {
                r.format(format);
            }
        }, "waiting", "1"));
        return Catalog.of(plugins);
    }

    /** HDF5, but one snapshot stops half-way and waits. */
    private record Waiting(int iteration, Stage stage) implements Format {
        private static final Format HDF5 = new Hdf5Format();

        @Override
        public String name() {
            return HDF5.name();
        }

        @Override
        public boolean recognises(byte[] head) {
            return HDF5.recognises(head);
        }

        @Override
        public TensorFile read(Path file) throws IOException {
            TensorFile content = HDF5.read(file);
            if (file.toString().endsWith(".tmp")) {
                await(content, Stage.READ_BACK);
            }
            return content;
        }

        @Override
        public void write(Path file, TensorFile content) throws IOException {
            if (chosen(content) && stage != Stage.NEVER && stage.compareTo(Stage.NOT_FORCED) <= 0) {
                Path aside = Files.createTempFile("aside", ".h5");
                HDF5.write(aside, content);
                byte[] all = Files.readAllBytes(aside);
                Files.delete(aside);
                int n = stage == Stage.NO_BYTE ? 0 : stage == Stage.A_THIRD ? all.length / 3
                        : stage == Stage.ALL_BUT_ONE_BYTE ? all.length - 1 : all.length;
                Files.write(file, java.util.Arrays.copyOf(all, n));
                await(content, stage);
            }
            HDF5.write(file, content);
            await(content, Stage.FORCED);
        }

        private boolean chosen(TensorFile content) {
            return Integer.toString(iteration).equals(content.attributes().get("iteration"));
        }

        private void await(TensorFile content, Stage here) {
            if (stage == here && chosen(content)) {
                print("WAITING " + stage);
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException("nobody interrupts this thread", e);
                }
            }
        }
    }
}

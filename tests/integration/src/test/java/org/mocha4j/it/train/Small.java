package org.mocha4j.it.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Spec;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Tensors;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.ProgressListener;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.runtime.train.TrainingRun;

/** A small net with all that makes resuming hard: shuffling, dropout, batch norm, momentum. */
final class Small {
    static final int SAMPLES = 50;
    static final int BATCH = 8;

    private Small() {
    }

    static Catalog catalog() {
        return Catalog.of(PluginLoader.load(Small.class.getClassLoader()));
    }

    /** Lines that a run gave. */
    static final class Lines implements ProgressListener {
        final List<String> lines = new ArrayList<>();

        @Override
        public void line(String text) {
            lines.add(text);
        }
    }

    static Array images(int n) {
        return images(n, 8);
    }

    static Array images(int n, int size) {
        RandomStream random = new RandomStream(5, "images");
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, 1, size, size));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, (float) (random.uniform() + (i / (size * size) % 4 == i / (2 * size) % 4 ? 1 : 0)));
        }
        return t.toArray();
    }

    static Array labels(int n) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, 1));
        for (int i = 0; i < n; i++) {
            t.set(i, i % 4);
        }
        return t.toArray();
    }

    static Layer memory(int samples, int batch, boolean shuffle) {
        return new MemoryData(batch, List.of(images(samples), labels(samples)), null, shuffle, null);
    }

    /** Trained on one data layer, tested on another. */
    static List<Node> nodes(Layer train, Layer test) {
        return List.of(source("train-data", train, Phase.TRAIN), source("test-data", test, Phase.TEST),
                Node.of("conv", new Convolution(3, Window.of(3)), "data", "conv").with(new ReLU()),
                Node.of("norm", new BatchNorm(), "conv", "norm"),
                Node.of("pool", new Pooling(Window.of(2, 2)), "norm", "pool"),
                Node.of("drop", new Dropout(0.3), "pool", "drop"),
                Node.of("ip", new InnerProduct(4), "drop", "ip"),
                new Node("loss", new SoftmaxLoss(), List.of("ip", "label"), null, null, Phase.TRAIN, null),
                new Node("test", new Accuracy(), List.of("ip", "label"), null, null, Phase.TEST, null));
    }

    static Node source(String name, Layer layer, Phase phase) {
        return new Node(name, layer, null, List.of("data", "label"), null, phase, null);
    }

    static SessionOptions options(String backend) {
        return SessionOptions.of(backend).device(DeviceOptions.threads(2));
    }

    static SolverConfig solver(UpdateRule rule, int iterations, int accumulate) {
        return new SolverConfig(rule, iterations, 0.001, Policy.of(0.01), null, accumulate);
    }

    static TrainingRun run(Catalog catalog, List<Node> nodes, SolverConfig solver, Path output, Lines lines,
                           BreakConfig... breaks) {
        return run("reference", catalog, nodes, solver, output, lines, breaks);
    }

    static TrainingRun run(String backend, Catalog catalog,
            List<Node> nodes, SolverConfig solver, Path output, Lines lines,
                           BreakConfig... breaks) {
        return new TrainingRun(catalog, new TrainingRun.Job("small", nodes, null, solver, List.of(breaks)),
                new TrainingRun.Options(options(backend), output, null, lines));
    }

    static Map<String, Array> all(Tensors t) {
        Map<String, Array> all = new LinkedHashMap<>();
        t.names().forEach(n -> all.put(n, t.read(n)));
        return all;
    }
}

package org.mocha4j.launcher.command;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.PluginSource;

/** One command line, run in this JVM with the plug-ins of the class path. */
record Cli(int code, String out, String err) {
    static Cli run(String... args) {
        return with(PluginLoader.load(Cli.class.getClassLoader()), Map.of(), args);
    }

    static Cli with(Map<String, String> environment, String... args) {
        return with(PluginLoader.load(Cli.class.getClassLoader()), environment, args);
    }

    static Cli with(List<LoadedPlugin> plugins, Map<String, String> environment, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new Mocha(new Host(PluginSource.of(plugins), Map.of(), new PrintWriter(out, true),
            new PrintWriter(err, true), environment)).run(args);
        return new Cli(code, out.toString().replace("\r\n", "\n"), err.toString().replace("\r\n", "\n"));
    }

    /**
     * A folder with net.yaml and its data, {@code data.hdf5}: 12 images of 4 × 4, in three classes that a small net can
     * tell apart.
     */
    static Path folder(Path temp) throws IOException {
        data(temp, 12, i -> i % 3, 0);
        Files.writeString(temp.resolve("net.yaml"), NET);
        return temp.resolve("net.yaml");
    }

    static final String NET = """
        name: small
        layers:
          - {name: images, type: HDF5Data, source: data.hdf5, batchSize: 4, tops: [data, label]}
          - {name: conv, type: Convolution, filters: 2, kernel: 3, neuron: ReLU, bottoms: [data], tops: [conv]}
          - {name: ip, type: InnerProduct, outputs: 3, bottoms: [conv], tops: [ip]}
          - {name: loss, type: SoftmaxLoss, bottoms: [ip, label], phase: train}
          - {name: accuracy, type: Accuracy, bottoms: [ip, label], phase: test}
        solver: {type: SGD, iterations: 20, momentum: 0.9, rate: 0.05}
        breaks:
          - {type: TrainingSummary, everyIterations: 10}
          - {type: Snapshot, folder: snapshots, autoLoad: true, everyIterations: 10}
          - {type: ValidationPerformance, everyIterations: 20}
        """;

    interface Label {
        float of(int i);
    }

    /** @param bad added to one pixel of sample 7: NaN, or 0 for nothing wrong */
    static void data(Path folder, int n, Label label, float bad) throws IOException {
        Random random = new Random(5);
        float[][][][] data = new float[n][1][4][4];
        float[] labels = new float[n];
        for (int i = 0; i < n; i++) {
            labels[i] = label.of(i);
            for (float[] row : data[i][0]) {
                for (int k = 0; k < 4; k++) {
                    row[k] = random.nextFloat() * 0.1f + (k == i % 3 ? 1 : 0);
                }
            }
        }
        if (n > 7) {
            data[7][0][2][1] += bad;
        }
        Files.deleteIfExists(folder.resolve("data.hdf5"));
        try (WritableHdfFile file = HdfFile.write(folder.resolve("data.hdf5"))) {
            file.putDataset("data", data);
            file.putDataset("label", labels);
        }
    }
}

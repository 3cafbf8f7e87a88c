package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginLoader;

/** What a person reads who gives the command something wrong; the exit code is 1 and nothing is overwritten. */
class BadInputTest {
    private static final String LAYERS =
        String.join(", ", Catalog.of(PluginLoader.load(BadInputTest.class.getClassLoader())).names(Layer.class));
    private static final String FIELDS = "[filters, kernel, stride, pad, dilation, groups, filter, bias, biasTerm, "
        + "name, bottoms, tops, neuron, phase, paramKey]";

    @TempDir Path temp;
    private Path net;

    @BeforeEach void write() throws Exception {
        net = Cli.folder(temp);
    }

    private Cli train(String from, String to) throws Exception {
        String text = Cli.NET.replace(from, to);
        assertTrue(from.isEmpty() || !text.equals(Cli.NET), from);
        Files.writeString(net, text);
        return Cli.run("train", net.toString(), "--output", temp.resolve("out").toString());
    }

    private static void failed(Cli run, String message) {
        assertEquals("mocha: " + message + "\n", run.err());
        assertEquals(1, run.code());
    }

    private void change(String from, String to, String message) throws Exception {
        failed(train(from, to), message);
    }

    /** A problem of the data layer, with its place. */
    private void data(String from, String to, String message) throws Exception {
        change(from, to, net + ":3: layer [images] (HDF5Data): " + message);
    }

    @Test void theFile() throws Exception {
        change("type: Convolution", "type: Convolutoin",
            net + ":4: unknown layer [Convolutoin]; did you mean Convolution? There are: " + LAYERS);
        change("type: Convolution", "type: acme.Convolution", net + ":4: unknown layer [acme.Convolution]: no "
            + "plug-in with the prefix [acme] is there; install the one that has it. Plug-ins: " + plugins());
        change("kernel: 3", "kernel: 3, strid: 2", net + ":4: Convolution has no field [strid]; it has " + FIELDS
            + "; did you mean stride?");
        change("filters: 2", "filters: two", net + ":4: Convolution.filters is [two]; expected: a whole number");
        change("layers:", "layers: [", net + ":3: not YAML: expected the node content, but found '-' (while parsing "
            + "a flow node)");
        failed(Cli.run("train", temp.resolve("no.yaml").toString()), temp.resolve("no.yaml")
            + " does not exist; expected: a file such as net.yaml, or an example: mnist, mnist-logistic, "
            + "mnist-dropout, mnist-two-heads, mnist-autoencoder-1, mnist-autoencoder-2, mnist-autoencoder-3, "
                + "regression, "
            + "cifar10");
    }

    private static String plugins() {
        return String.join(", ", PluginLoader.load(BadInputTest.class.getClassLoader()).stream()
            .map(p -> p.version().isEmpty() ? p.origin() + " " + p.plugin().info().version() : p.origin() + " "
                + p.version())
            .toList());
    }

    @Test void theWiring() throws Exception {
        change("bottoms: [conv]", "bottoms: [cnv]",
            net + ":5: layer [ip] reads blob [cnv], which no layer of this phase writes; there are [conv, data, ip, "
                + "label, loss]");
        change("bottoms: [data], tops: [conv]", "bottoms: [ip], tops: [conv]",
            net + ":4: the layers [conv], [ip] form a cycle: each waits for a blob of another");
        Cli twice = train("bottoms: [conv], tops: [ip]", "bottoms: [data], tops: [conv]");
        assertEquals(1, twice.code());
        assertTrue(twice.err().contains(net + ":5: layer [ip] writes blob [conv]"), twice.err());
        change("kernel: 3", "kernel: 9", net + ":4: layer [conv] (Convolution), inputs [data: float32[4, 1, 4, 4]]: a "
            + "window of 9x9 (dilation 1x1, pad 0x0) does not fit into images of 4x4");
    }

    @Test void dataFiles() throws Exception {
        Path file = temp.resolve("data.hdf5");
        data("data.hdf5", "nothing.hdf5", temp.resolve("nothing.hdf5")
            + " does not exist or is no file; expected: an HDF5 file, or a text file with one HDF5 file per line");
        data("tops: [data, label]", "datasets: [data, lable], tops: [data, label]",
            file + " has no data set [lable]; it has [data, label]");
        try (WritableHdfFile f = HdfFile.write(temp.resolve("counts.hdf5"))) {
            f.putDataset("data", new float[12][1][4][4]);
            f.putDataset("label", new float[11]);
        }
        data("data.hdf5", "counts.hdf5", temp.resolve("counts.hdf5")
            + ": data set [label]: found 11 rows; expected: 12, as [data] has");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 638));
        data("", "", file + " is truncated: found 638 bytes; expected: "
            + whole.length);
        Files.writeString(file, "this is not HDF5");
        data("", "", file + " is not an HDF5 file: it has 16 bytes and no HDF5 signature");
    }

    /** Without a validation at the start, which would find it first. */
    private Cli trainOnly() throws Exception {
        return train("  - {type: ValidationPerformance, everyIterations: 20}\n", "");
    }

    @Test void valuesInData() throws Exception {
        String expected = " is no class; expected: a whole number from 0 to the number of classes - 1";
        Cli.data(temp, 12, i -> i == 5 ? 3 : i % 3, 0);
        change("", "", "net [small-test], batch 1 of a validation: layer [accuracy]: label 3 of sample 5 of images"
            + expected);
        Cli.data(temp, 12, i -> i == 5 ? 1.5f : i % 3, 0);
        failed(trainOnly(), "net [small-train], iteration 1: layer [loss]: label 1.5 of sample 1" + expected
            + "; the parameters are those of the last good iteration; batch 1 is images from sample 4 of epoch 0 on");
        Cli.data(temp, 12, i -> i % 3, Float.NaN);
        change("", "", temp.resolve("data.hdf5") + ": data set [data], row 7: found NaN; expected: finite numbers");
    }

    @Test void anObjectiveThatIsNotFinite() throws Exception {
        Cli.data(temp, 12, i -> i % 3, 3e38f);
        Files.writeString(net, Cli.NET.replace("neuron: ReLU, ", "")
            .replace("  - {type: ValidationPerformance, everyIterations: 20}\n", ""));
        failed(Cli.run("train", net.toString(), "--backend", "reference"),
            "net [small-train], iteration 2: layer [ip] produced "
            + "the first value that is not finite, in MatMul: the objective is NaN; the parameters are those of the "
            + "last good iteration; batch 2 is images from sample 8 of epoch 0 on");
    }

    @Test void aSnapshotOfAnotherNet() throws Exception {
        assertEquals(0, train("", "").code());
        Path snapshot = temp.resolve("out/snapshots/snapshot-000020.h5");
        byte[] before = Files.readAllBytes(snapshot);
        Cli run = train("outputs: 3", "outputs: 4");
        assertEquals(1, run.code());
        assertEquals("mocha: " + snapshot + " is a snapshot of another net or run than small-train:\n"
            + "  ip___weight: float32[4, 8] here, float32[3, 8] in the snapshot\n"
            + "  ip___bias: float32[4] here, float32[3] in the snapshot\n"
            + "  solver state ip___weight___momentum: float32[4, 8] here, float32[3, 8] in the snapshot\n"
            + "  solver state ip___bias___momentum: float32[4] here, float32[3] in the snapshot\n"
            + "Name another folder or snapshot, or take its parameters only with loadSolverState: false\n", run.err());
        assertArrayEquals(before, Files.readAllBytes(snapshot));
        failed(Cli.run("test", net.toString(), "--from", temp.resolve("nowhere").toString()),
            temp.resolve("nowhere") + " does not exist");
    }

    @Test void foldersThatAreFiles() throws Exception {
        Path file = Files.writeString(temp.resolve("out"), "mine");
        change("", "", file + " is there already and is not a folder");
        Files.delete(file);
        Files.writeString(Files.createDirectory(file).resolve("snapshots"), "mine");
        change("", "", "Snapshot: folder " + file.resolve("snapshots") + " is a file; name a folder");
        change("folder: snapshots", "folder: snapshots/a", "Snapshot: folder " + file.resolve("snapshots/a")
            + " cannot be made: " + file.resolve("snapshots") + " is a file; name another folder");
        assertEquals("mine", Files.readString(file.resolve("snapshots")));
    }

    /** A layer that stands for any. */
    public record Swish() implements Layer {
        @Override public List<Value> build(Graph g, List<Value> inputs) {
            return inputs;
        }
    }

    /** Another one of that name. */
    static final class Other {
        public record Swish() implements Layer {
            @Override public List<Value> build(Graph g, List<Value> inputs) {
                return inputs;
            }
        }
    }

    private static LoadedPlugin plugin(String origin, boolean works, Class<?> type) {
        return LoadedPlugin.of(new Plugin() {
            @Override public PluginInfo info() {
                return new PluginInfo("acme", "1.0.0", "Parts by Acme");
            }

            @Override public void register(Registrar r) {
                if (!works) {
                    throw new IllegalStateException("no licence");
                }
                r.types(type);
            }
        }, origin, "1.0.0");
    }

    private Cli trainWith(String from, String to, LoadedPlugin... more) throws Exception {
        Files.writeString(net, Cli.NET.replace(from, to));
        List<LoadedPlugin> plugins = new ArrayList<>(PluginLoader.load(Cli.class.getClassLoader()));
        plugins.addAll(List.of(more));
        return Cli.with(plugins, Map.of(), "train", net.toString(), "--output", temp.resolve("out").toString());
    }

    @Test void pluginsThatThrow() throws Exception {
        // a net that does not need it
        assertEquals(0, trainWith("", "", plugin("broken.jar", false, Swish.class)).code());
        Cli run = trainWith("type: Convolution, filters: 2, kernel: 3", "type: acme.Swish", plugin("broken.jar", false,
            Swish.class));
        assertEquals(1, run.code());
        failed(run, net + ":4: unknown layer [acme.Swish]: the plug-in with the prefix [acme] is broken: broken.jar "
            + "1.0.0 (java.lang.IllegalStateException: no licence)");
    }

    @Test void aTypeInTwoPlugins() throws Exception {
        String swish = "type: acme.Swish";
        LoadedPlugin one = plugin("one.jar", true, Swish.class);
        assertEquals(0, trainWith("type: Convolution, filters: 2, kernel: 3", swish, one).code());
        Cli run = trainWith("type: Convolution, filters: 2, kernel: 3", swish, one, plugin("two.jar", true,
            Other.Swish.class));
        failed(run, net + ":4: layer [acme.Swish] is ambiguous: it is in one.jar 1.0.0 and in two.jar 1.0.0; remove "
            + "one of them");
    }

    @Test void everythingWrongAtOnce() throws Exception {
        Files.writeString(net, Cli.NET.replace("data.hdf5", "nothing.hdf5").replace("bottoms: [conv]", "bottoms: [cnv]")
            .replace("[ip, label], phase: train", "[ip, lable], phase: train"));
        Cli run = Cli.run("validate", net.toString());
        assertEquals(1, run.code());
        assertEquals("", run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.get(0).startsWith(net + ":3: layer [images] (HDF5Data): "), run.out());
        assertEquals(net + ":5: layer [ip] reads blob [cnv], which no layer of this phase writes; there are [conv, "
            + "data, ip, label, loss]", lines.get(1));
        assertTrue(run.out().contains(net + ":6: layer [loss] reads blob [lable]"), run.out());
        Cli shaped = Cli.run("validate", net.toString(), "--shape", "data=4x1x4x4", "--shape", "label=4", "--json");
        assertEquals(1, shaped.code());
        assertTrue(shaped.out().contains("\"valid\": false") && !shaped.out().contains("nothing.hdf5"), shaped.out());
        Files.writeString(net, Cli.NET);
        assertEquals(new Cli(0, net + " is in order\n", ""), Cli.run("validate", net.toString()));
        assertTrue(Files.notExists(temp.resolve("snapshots")));
        Files.writeString(net, Cli.NET.replace("data.hdf5", "nothing.hdf5")
            .replace("Accuracy, bottoms: [ip, label], phase: test",
            "Split, bottoms: [ip], tops: [a, b], phase: test"));
        assertEquals(new Cli(1, net + ":12: ValidationPerformance needs a net of phase TEST with a statistic such as "
            + "Accuracy\n"
            + "1 problem\n", ""), Cli.run("validate", net.toString(), "--shape", "data=4x1x4x4", "--shape", "label=4"));
        assertEquals("--shape dta: the net has no blob of that name; it has [accuracy, conv, data, ip, label, loss]"
            .substring(0, 46), Cli.run("validate", net.toString(), "--shape", "dta=4").out().substring(0, 46));
        assertEquals("--shape: layer [images] also gives [label]; give label=… too\n1 problem\n",
            Cli.run("validate", net.toString(), "--shape", "data=4x1x4x4").out());
    }
}

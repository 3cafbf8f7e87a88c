package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/** Each command in this JVM: what it prints, its JSON, its exit code. */
class CommandsTest {
    @TempDir Path temp;

    private static void ok(Cli run) {
        assertEquals(0, run.code(), run.out() + run.err());
    }

    /** Parses what must be one JSON document. */
    private static Tree.Mapping json(Cli run) {
        assertTrue(run.out().startsWith("{\n") && run.out().endsWith("}\n"), run.out());
        return (Tree.Mapping) Yaml.parse("out.json", run.out());
    }

    private static String text(Tree tree, String... path) {
        for (String p : path) {
            tree = tree instanceof Tree.Sequence s ? s.items().get(Integer.parseInt(p))
                : ((Tree.Mapping) tree).fields().get(p);
        }
        return ((Tree.Scalar) tree).text();
    }

    @Test void trainsAFileAndResumesAndTests() throws Exception {
        String net = Cli.folder(temp).toString();
        Cli first = Cli.run("train", net, "--iterations", "15");
        ok(first);
        assertEquals("", first.err());
        assertTrue(first.out().matches("(?s).*\n000010 :: TRAIN obj-val = \\d\\.\\d{8}\n.*"), first.out());
        assertTrue(first.out().contains("Saving snapshot to " + temp.resolve("snapshots/snapshot-000015.h5") + "\n"),
            first.out());
        assertTrue(first.out().contains("\n15 iterations; 60 samples in "), first.out());
        Cli second = Cli.run("train", net);
        ok(second);
        assertTrue(second.out().contains("Resuming from " + temp.resolve("snapshots/snapshot-000015.h5")
            + " at iteration 15\n"), second.out());
        assertTrue(second.out().matches("(?s).*\\R20 iterations; 20 samples in .*\\R"
            + "Accuracy \\(avg over 12\\) = \\d+\\.\\d{4}% on the test data\n"), second.out());
        Cli third = Cli.run("train", net);
        assertTrue(third.out().contains("\n20 iterations, none of them in this run\n"), third.out());
        String accuracy = second.out().strip().lines().reduce((a, b) -> b).orElseThrow();
        Cli test = Cli.run("test", net, "--from", temp.toString());
        ok(test);
        assertTrue(test.out().endsWith("\n" + accuracy + "\n"), test.out() + accuracy);
        Cli one = Cli.run("test", net, "--from", temp.resolve("snapshots/snapshot-000020.h5").toString(), "--json");
        assertTrue(accuracy.startsWith(text(json(one), "measurements", "0", "text")), one.out());
    }

    @Test void jsonOfTrainingIsOneDocumentAndLogsGoToStandardError() throws Exception {
        Cli run = Cli.run("train", Cli.folder(temp).toString(), "--json", "--type", "float64", "--seed", "7",
            "--threads",
            "1", "--backend", "reference", "--output", temp.resolve("out").toString());
        ok(run);
        Tree.Mapping json = json(run);
        assertEquals(List.of("net", "file", "backend", "seed", "type", "iterations", "interrupted", "objective",
            "samples",
            "seconds", "samplesPerSecond", "output", "measurements"), List.copyOf(json.fields().keySet()));
        assertEquals(List.of("small", "reference", "7", "float64", "20", "false", "80"), List.of(text(json, "net"),
            text(json, "backend"), text(json, "seed"), text(json, "type"), text(json, "iterations"),
            text(json, "interrupted"), text(json, "samples")));
        assertEquals("accuracy", text(json, "measurements", "0", "name"));
        assertTrue(run.err().contains("000010 :: TRAIN obj-val = "), run.err());
        assertTrue(Files.exists(temp.resolve("out/snapshots/snapshot-000020.h5")));
        assertFalse(Files.exists(temp.resolve("snapshots")));
    }

    @Test void setReplacesValuesOfTheFile() throws Exception {
        Cli run = Cli.run("train", Cli.folder(temp).toString(), "--set", "solver.iterations=3", "--set",
            "layers.images.batchSize=6", "--set", "breaks.0.everyIterations=1", "--json");
        ok(run);
        assertEquals("18", text(json(run), "samples"));
        assertEquals(3, run.err().lines().filter(l -> l.contains("TRAIN obj-val")).count(), run.err());
        Cli wrong = Cli.run("train", temp.resolve("net.yaml").toString(), "--set", "solver.rat.base=1");
        assertEquals("mocha: --set solver.rat.base: solver has no [rat]; it has [type, iterations, momentum, rate]; "
            + "did you mean rate?\n", wrong.err());
        assertEquals(1, wrong.code());
    }

    @Test void summary() throws Exception {
        Cli run = Cli.run("summary", "mnist");
        ok(run);
        String[] lines = run.out().split("\n");
        assertEquals("Layer       Type                 Phase  Output                   Parameters  Forward/sample",
            lines[0]);
        assertEquals("train-data  HDF5Data             train  [64, 1, 28, 28], [64]", lines[2]);
        assertEquals("ip1         InnerProduct + ReLU         [64, 500]                   400,500       800 kFLOP",
            lines[7]);
        assertEquals("LeNet: 10 layers, 431,080 parameters (1.6 MiB as float32)", lines[13]);
        assertEquals("Arithmetic to train: 4.59 MFLOP a sample forward, 844 MFLOP a step with batches of 64",
            lines[14]);
        assertEquals("Arithmetic to test: 4.59 MFLOP a sample forward, 459 MFLOP a step with batches of 100",
            lines[15]);
        assertTrue(lines[16].matches("Memory to train: \\S+ MiB at its peak: 1\\.6 MiB parameters, "
            + "\\S+ MiB activations, \\S+ [KM]iB work space, \\S+ MiB gradients, solver state and data"), lines[16]);
        Tree.Mapping json = json(Cli.run("summary", "mnist", "--json", "--set", "layers.train-data.batchSize=8"));
        assertEquals(List.of("net", "type", "parameters", "memory", "flops", "layers"),
            List.copyOf(json.fields().keySet()));
        assertEquals("8", text(json, "layers", "1", "outputs", "0", "0"));
        assertTrue(Long.parseLong(text(json, "memory", "train", "plannedBytes")) > 0);
        long all = Long.parseLong(text(json, "memory", "train", "allBytes"));
        assertTrue(all > Long.parseLong(text(json, "memory", "train", "activationBytes"))
            + 3 * Long.parseLong(text(json, "memory", "train", "parameterBytes")), "parameters, gradients, momentum");
        assertEquals("8", text(json, "flops", "train", "samples"));
        Cli data = Cli.run("summary", Cli.folder(temp).toString());      // shapes from the data
        ok(data);
        assertTrue(data.out().contains("\nimages    HDF5Data                   [4, 1, 4, 4], [4]\n"), data.out());
        Cli shapes = Cli.run("summary", temp.resolve("net.yaml").toString(), "--shape", "data=7x1x6x6", "--shape",
            "label=7");
        assertTrue(shapes.out().contains("[7, 2, 4, 4]"), shapes.out());
    }

    @Test void explain() {
        Cli run = Cli.run("explain", "mnist", "--backend", "reference");
        ok(run);
        for (String part : List.of("Backend reference: ", "Program train accumulate: ", "Program train apply: ",
                "Program test: ", "\nconv1 ", "  64x1x28x28 20x1x5x5 -> 64x20x24x24\n")) {
            assertTrue(run.out().contains(part), part + " in " + run.out());
        }
        Tree.Mapping json = json(Cli.run("explain", "mnist-logistic", "--json"));
        assertEquals(List.of("net", "backend", "selection", "device", "programs"), List.copyOf(json.fields().keySet()));
        assertEquals(List.of("train accumulate", "train apply", "test"),
            List.copyOf(((Tree.Mapping) json.fields().get("programs")).fields().keySet()));
        assertEquals("ip", text(json, "programs", "train accumulate", "0", "layer"));
    }

    @Test void doctorShowsWhoDecided() {
        Cli run = Cli.with(Map.of("MOCHA_BACKEND", "reference", "MOCHA_USE_CUDA", "true", "OMP_NUM_THREADS", "1,2"),
            "doctor");
        ok(run);
        for (String line : List.of("  backend                reference (MOCHA_BACKEND)",
            "  MOCHA_USE_CUDA         true",
                "  threads                1 (OMP_NUM_THREADS)", "  MOCHA_THREADS          not set")) {
            assertTrue(run.out().lines().anyMatch(line::equals), line + " in\n" + run.out());
        }
        Cli option = Cli.with(Map.of("MOCHA_BACKEND", "reference"), "doctor", "--backend", "cpu", "--threads", "2",
            "--json");
        ok(option);
        assertEquals(List.of("cpu (--backend)", "2 (--threads)", "true"), List.of(text(json(option), "effective",
            "backend"),
            text(json(option), "effective", "threads"), text(json(option), "usable")));
        Cli older = Cli.with(Map.of("MOCHA_USE_CUDA", "1"), "doctor");
        boolean usable = older.out().contains("\n  cuda                   usable: ");
        assertEquals(usable ? 0 : 1, older.code());
        assertTrue(older.out().contains(usable ? "  backend                cuda (MOCHA_USE_CUDA)\n"
            : "  problem                MOCHA_USE_CUDA: backend [cuda] cannot be used: "), older.out());
        assertEquals(0, Cli.with(Map.of("MOCHA_USE_CUDA", "false"), "doctor").code());
        Cli bad = Cli.with(Map.of("MOCHA_THREADS", "many"), "summary", "mnist");
        assertEquals("mocha: the environment variable MOCHA_THREADS is [many]; expected: a whole number of at least "
            + "1\n",
            bad.err());
    }

    @Test void plugins() {
        Cli run = Cli.run("plugins", "--long");
        ok(run);
        assertTrue(run.out().contains("    layer Convolution\n"), run.out());
        assertTrue(run.out().contains("    backend reference, usable: Java "), run.out());
        assertTrue(run.out().matches("(?s).*\n    backend native, (not )?usable: .*"), run.out());
        Tree.Mapping json = json(Cli.run("plugins", "--json"));
        assertEquals(List.of("plugins", "notInstalled"), List.copyOf(json.fields().keySet()));
    }

    @Test void wrongUsageHasAHintAndExitCode2() {
        Cli run = Cli.run("run", "mnist", "--iteration", "3");
        assertEquals(2, run.code());
        assertEquals("mocha: Unknown options: '--iteration', '3'\nPossible solutions: --iterations\n"
            + "Try 'mocha run --help' for more information.\n", run.err());
        assertEquals("mocha: no example [mnits]; there are: mnist, mnist-logistic, mnist-dropout, "
            + "mnist-two-heads, mnist-autoencoder-1, mnist-autoencoder-2, mnist-autoencoder-3, regression, cifar10\n"
            + "Try 'mocha run --help' for more information.\n", Cli.run("run", "mnits").err());
        for (String[] args : new String[][] {{}, {"run"}, {"fly"}, {"run", "mnist", "--threads", "0"}, {"run", "mnist",
                "--iterations", "-1"}, {"summary", "mnist", "--type", "int8"}, {"summary", "mnist", "--shape",
                    "data=3x"},
                {"data", "cifar"}, {"test", "mnist"}}) {
            assertEquals(2, Cli.run(args).code(), String.join(" ", args));
        }
        Cli type = Cli.run("summary", "mnist", "--type", "int8");
        assertTrue(type.err().startsWith("mocha: Invalid value for option '--type': expected float32 or float64, "
            + "found [int8]\n"),
            type.err());
    }

    @Test void helpAndVersion() {
        for (String command : List.of("run", "train", "test", "classify", "summary", "explain", "time", "validate",
            "dot", "plot", "check-gradients", "import", "export", "data", "plugins", "doctor", "completion")) {
            Cli run = Cli.run(command, "--help");
            ok(run);
            assertTrue(run.out().startsWith("Usage: mocha " + command), run.out());
            assertTrue(Cli.run("--help").out().contains("\n  " + command + " "), command);
        }
        Cli run = Cli.run("run", "--help");
        Example.ALL.forEach(e -> assertTrue(run.out().matches("(?s).*\n  " + e.name() + " +" + e.title() + "\n.*"),
            run.out()));
        assertTrue(Cli.run("--version").out().startsWith("mocha "));
    }

    @Test void dataTakesIdxFilesAndOverwritesNothing() throws Exception {
        Path idx = Files.createDirectory(temp.resolve("idx"));
        Files.write(idx.resolve("train-images-idx3-ubyte"), bytes(2051, 2, 2, 3, new byte[12]));
        Files.write(idx.resolve("train-labels-idx1-ubyte"), bytes(2049, 2, new byte[] {1, 9}));
        Files.write(idx.resolve("t10k-images-idx3-ubyte"), bytes(2051, 1, 2, 3, new byte[6]));
        Files.write(idx.resolve("t10k-labels-idx1-ubyte"), bytes(2049, 1, new byte[] {4}));
        String out = temp.resolve("out").toString();
        Cli run = Cli.run("data", "mnist", "--from", idx.toString(), "--output", out);
        ok(run);
        assertEquals("Wrote 2 training and 1 test images to " + Path.of(out, "train.hdf5") + " and " + Path.of(out,
            "test.hdf5")
            + "\nNow: mocha run mnist --data " + out + "\n", run.out());
        byte[] before = Files.readAllBytes(Path.of(out, "train.hdf5"));
        Cli again = Cli.run("data", "mnist", "--from", idx.toString(), "--output", out);
        assertEquals(1, again.code());
        assertEquals("mocha: " + Path.of(out, "train.hdf5")
            + " is there already and is left as it is; delete it or give another --output\n", again.err());
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(Path.of(out, "train.hdf5")));
        Cli none = Cli.run("data", "mnist", "--from", temp.resolve("nowhere").toString(), "--output", out + "2");
        assertEquals("mocha: " + temp.resolve("nowhere") + " is not a folder; expected one with the IDX file "
            + "train-images-idx3-ubyte or train-images-idx3-ubyte.gz\n", none.err());
        assertFalse(Files.exists(Path.of(out + "2")));
        Cli nothing = Cli.run("run", "mnist", "--data", temp.resolve("nowhere").toString());
        assertEquals(none.err(), nothing.err());
        assertEquals(1, nothing.code());
        Cli prepared = Cli.run("run", "mnist-logistic", "--data", out, "--output", temp.resolve("r").toString(),
            "--iterations",
            "1", "--set", "layers.train-data.batchSize=2", "--set", "layers.test-data.batchSize=1");
        ok(prepared);
        assertTrue(prepared.out().startsWith("Data: " + Path.of(out, "train.txt") + " and "), prepared.out());
        Cli direct = Cli.run("run", "mnist-logistic", "--data", idx.toString(), "--output",
            temp.resolve("s").toString(),
            "--iterations", "1", "--set", "layers.train-data.batchSize=2", "--set", "layers.test-data.batchSize=1");
        ok(direct);
        assertTrue(direct.out().startsWith("Data: 2 training and 1 test images of the IDX files in " + idx
            + ", as HDF5 in "
            + temp.resolve("s/data/idx-")), direct.out());
        assertEquals(lastLine(prepared).replace("the test data", "the test images"), lastLine(direct));
    }

    private static String lastLine(Cli run) {
        return run.out().strip().lines().reduce((a, b) -> b).orElseThrow();
    }

    private static byte[] bytes(Object... parts) {
        java.nio.ByteBuffer b = java.nio.ByteBuffer.allocate(64);
        for (Object p : parts) {
            if (p instanceof Integer i) {
                b.putInt(i);
            } else {
                b.put((byte[]) p);
            }
        }
        return java.util.Arrays.copyOf(b.array(), b.position());
    }

    @Test void runDrawsDigitsAndTrainsOnThem() {
        String out = temp.resolve("o").toString();
        Cli run = Cli.run("run", "mnist", "--iterations", "60", "--output", out);
        ok(run);
        assertTrue(run.out().startsWith("No --data given, so the data are digits that this program draws: 10,000 to "
            + "train on, "
            + "2,000 held out, seed 1, in " + Path.of(out, "data/drawn-digits-seed-1") + "\nBackend "), run.out());
        assertTrue(run.out().contains("\n60 iterations; 3,840 samples in "), run.out());
        String last = lastLine(run);
        assertTrue(last.matches("Accuracy \\(avg over 2000\\) = \\d+\\.\\d{4}% on held-out drawn digits"), last);
        assertTrue(Double.parseDouble(last.replaceAll(".*= |%.*", "")) > 65, last);       // 80.85 %; chance is 10 %
        Cli test = Cli.run("test", "mnist", "--from", out);
        ok(test);
        assertEquals(last, lastLine(test));
        Cli other = Cli.run("run", "mnist-logistic", "--output", out);
        assertEquals(1, other.code());
        assertTrue(other.err().startsWith("mocha: " + Path.of(out, "snapshots/snapshot-000060.h5")
            + " is a snapshot of another net or run than logistic-train:\n"), other.err());
    }
}

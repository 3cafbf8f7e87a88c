package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.train.ParameterFile;

/** {@code mocha import} and {@code mocha export}: reports, files, and what is said where something does not fit. */
class ImportCommandTest {
    private static final float[][][][] FILTER = {{{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}},
        {{{0, 1, 0}, {0, 1, 0}, {0, 1, 0}}}};
    private static final float[][] WEIGHT = {{1, 2, 3, 4, 5, 6, 7, 8}, {0, 0, 0, 0, 1, 1, 1, 1},
        {9, 8, 7, 6, 5, 4, 3, 2}};

    @TempDir Path temp;
    private Path net;
    private Path file;

    @BeforeEach void write() throws Exception {
        net = Cli.folder(temp);
        file = temp.resolve("caffe.hdf5");
        hdf5(file, Map.of("conv___filter", FILTER, "conv___bias", new float[][][][] {{{{1, 2}}}},
            "ip___weight", new float[][][][] {{WEIGHT}}, "ip___bias", new float[] {1, 2, 3}));
    }

    private static void hdf5(Path file, Map<String, Object> datasets) {
        try (WritableHdfFile f = HdfFile.write(file)) {
            datasets.forEach(f::putDataset);
        }
    }

    private Cli into(String... more) {
        return Cli.run(java.util.stream.Stream.concat(java.util.stream.Stream.of("import", file.toString(), "--into",
            net.toString()), java.util.stream.Stream.of(more)).toArray(String[]::new));
    }

    private static Map<String, org.mocha4j.api.Array> tensors(Path file) {
        return ParameterFile.read(file, Catalog.of(PluginLoader.load(Cli.class.getClassLoader())), w -> { }).tensors();
    }

    private void failed(Cli run, String message) {
        assertEquals("mocha: " + message + "\n", run.err());
        assertEquals(1, run.code());
        assertFalse(Files.exists(temp.resolve("out.h5")));
    }

    @Test void everyLayerIsReportedAndTheNetsParametersAreWritten() {
        Path out = temp.resolve("out.h5");
        Cli run = into("--output", out.toString());
        assertEquals("", run.err());
        assertEquals("""
            Layer  Parameter  Shape         From
            ----------------------------------------
            conv   filter     [2, 1, 3, 3]  the file
            conv   bias       [2]           the file
            ip     weight     [3, 8]        the file
            ip     bias       [3]           the file

            Without parameters: images, loss, accuracy
            small: 4 of 4 parameters from %s
            Wrote %s
            """.formatted(file, out), run.out());
        assertEquals(0, run.code());
        var written = tensors(out);
        assertEquals("[2, 1, 3, 3] [2] [3, 8] [3]", String.join(" ", java.util.stream.Stream.of("conv___filter",
            "conv___bias", "ip___weight", "ip___bias").map(n -> written.get(n).shape().toString()).toList()));
        assertEquals(7, written.get("conv___filter").at(6));
        assertEquals(9, written.get("ip___weight").at(16));
        assertEquals(0, Cli.run("test", net.toString(), "--from", out.toString()).code());
    }

    @Test void aMissingBiasIsAWarningAndWhatIsLeftOverIsNamed() throws Exception {
        Files.delete(file);
        hdf5(file, Map.of("conv___filter", FILTER, "ip___weight", WEIGHT, "fc9___weight", new float[3]));
        Path out = temp.resolve("out.h5");
        Cli run = into("--output", out.toString());
        assertEquals("mocha: " + file + " has no conv___bias, ip___bias; the initializer's values are used\n"
            + "mocha: " + file + " also has fc9___weight, which the net has no use for\n", run.err());
        assertTrue(run.out().contains("conv   bias       [2]           its initializer: the file has none\n"),
            run.out());
        assertTrue(run.out().contains("small: 2 of 4 parameters from "), run.out());
        assertEquals(0, tensors(out).get("conv___bias").at(1));
    }

    @Test void aMissingWeightIsAnErrorUnlessToldOtherwise() throws Exception {
        Files.delete(file);
        hdf5(file, Map.of("conv___filter", FILTER, "conv___bias", new float[2]));
        failed(into("--output", temp.resolve("out.h5").toString()), file + " does not have the parameters of the net:\n"
            + "  layer [ip]: weight [3, 8] is missing\nIt has: conv___bias, conv___filter\nWhat is missing can start "
            + "with its initializer where that is allowed: by allowMissing of the break Snapshot, or by "
                + "--allow-missing of "
            + "mocha import");
        Cli run = into("--allow-missing", "--json");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("\"from\": \"initializer\""), run.out());
    }

    @Test void shapesThatDifferNameTheLayerAndBothShapes() {
        failed(into("--set", "layers.conv.filters=4", "--output", temp.resolve("out.h5").toString()), file
            + " does not have the parameters of the net:\n"
            + "  layer [conv]: filter is [2, 1, 3, 3] in the file, [4, 1, 3, 3] in the net\n"
            + "  layer [conv]: bias is [1, 1, 1, 2] in the file, [4] in the net\n"
            + "  layer [ip]: weight is [1, 1, 3, 8] in the file, [3, 16] in the net\n"
            + "It has: conv___bias, conv___filter, ip___bias, ip___weight");
    }

    @Test void foreignFiles() throws Exception {
        Path data = temp.resolve("data.hdf5");
        failed(Cli.run("import", data.toString(), "--into", net.toString()), data
            + " is no parameter file: it has no data set named layer___param, such as conv1___filter; it has data, "
                + "label");
        Path text = Files.writeString(temp.resolve("weights.h5"), "weights");
        failed(Cli.run("import", text.toString(), "--into", net.toString()), text + " has no known format: it has the "
            + "first bytes 77 65 69 67 68 74 73; there are: hdf5");
        failed(Cli.run("import", temp.resolve("none.h5").toString(), "--into", net.toString()),
            temp.resolve("none.h5") + " does not exist");
        assertEquals(2, Cli.run("import", file.toString()).code());
    }

    @Test void aSnapshotIsExportedWithoutSolverState() {
        assertEquals(0, Cli.run("train", net.toString(), "--iterations", "3").code());
        Path snapshot = temp.resolve("snapshots/snapshot-000003.h5");
        Path out = temp.resolve("out.h5");
        Cli run = Cli.run("export", temp.toString(), "--output", out.toString());
        assertEquals("Wrote " + out + ": conv___bias, conv___filter, ip___bias, ip___weight of " + snapshot + "\n",
            run.out());
        try (HdfFile h5 = new HdfFile(out)) {
            assertEquals(java.util.Set.of("conv___filter", "conv___bias", "ip___weight", "ip___bias"),
                h5.getChildren().keySet());
        }
        assertEquals(tensors(snapshot), tensors(out));
        assertEquals("mocha: " + out + " is there already and is left as it is; --force replaces it, or give another "
            + "--output\n", Cli.run("export", temp.toString(), "--output", out.toString()).err());
        assertEquals(0, Cli.run("export", snapshot.toString(), "--output", out.toString(), "--force").code());
    }

    @Test void aFileThatIsThereIsReplacedOnlyIfTold() throws Exception {
        Path out = Files.writeString(temp.resolve("mine.h5"), "mine");
        Cli run = into("--output", out.toString());
        assertEquals("1 mocha: " + out + " is there already and is left as it is; --force replaces it, or give another "
            + "--output\n", run.code() + " " + run.err());
        assertEquals("mine", Files.readString(out));
        assertEquals(0, into("--output", out.toString(), "--force").code());
        assertEquals(4, tensors(out).size());
    }
}

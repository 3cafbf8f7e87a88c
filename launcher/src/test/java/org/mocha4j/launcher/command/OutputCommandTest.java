package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A net in a file that transforms its data and writes blobs to HDF5. */
class OutputCommandTest {
    private static final String OUT = "  - {name: out, type: HDF5Output, filename: results/out.h5, "
        + "bottoms: [data, ip, label], datasets: [x, scores, y], phase: test}\n";
    @TempDir Path temp;

    @BeforeEach void write() throws IOException {
        Cli.folder(temp);
        float[][][] mean = new float[1][4][4];
        for (int i = 0; i < 16; i++) {
            mean[0][i / 4][i % 4] = i;
        }
        try (WritableHdfFile file = HdfFile.write(temp.resolve("mean.h5"))) {
            file.putDataset("mean", mean);
        }
        net(Cli.NET.replace("tops: [data, label]}", "tops: [data, label], transformers: {data: [{type: SubMean, mean: "
            + "mean.h5}, {type: Scale, scale: 2}, {type: SubMean, mean: [0.5]}], label: [{type: Scale, scale: 1}]}}")
            .replace("solver:", OUT + "solver:"));
    }

    private void net(String text) throws IOException {
        Files.writeString(temp.resolve("net.yaml"), text);
    }

    private Cli test(String... more) {
        String[] args = {"test", temp.resolve("net.yaml").toString(), "--from", temp.toString(), "--set",
            "layers.images.batchSize=5"};
        return Cli.run(java.util.stream.Stream.concat(java.util.stream.Stream.of(args),
            java.util.stream.Stream.of(more)).toArray(String[]::new));
    }

    /** Twelve samples in batches of five. */
    @Test void testWritesEachSampleOnceAndTrainingNone() throws Exception {
        Cli train = Cli.run("train", temp.resolve("net.yaml").toString(), "--iterations", "3");
        assertEquals(0, train.code(), train.out() + train.err());
        assertTrue(train.out().contains("\nNothing is written by [out] while training; mocha test feeds sinks\n"),
            train.out());
        assertFalse(Files.exists(temp.resolve("results")));
        Cli test = test();
        assertEquals(0, test.code(), test.out() + test.err());
        assertTrue(test.out().contains("\nFed 12 samples to [out]\n"), test.out());
        try (HdfFile found = new HdfFile(temp.resolve("results/out.h5"));
             HdfFile data = new HdfFile(temp.resolve("data.hdf5"))) {
            float[][][][] x = (float[][][][]) found.getDatasetByPath("x").getData();
            float[][][][] raw = (float[][][][]) data.getDatasetByPath("data").getData();
            assertEquals(12, x.length);
            for (int i = 0; i < 12 * 16; i++) {
                float pixel = raw[i / 16][0][i / 4 % 4][i % 4];
                assertEquals(2 * (pixel - i % 16) - 0.5f, x[i / 16][0][i / 4 % 4][i % 4], 1e-5);
            }
            float[][] scores = (float[][]) found.getDatasetByPath("scores").getData();
            assertEquals("12 3", scores.length + " " + scores[0].length);
            float[] y = (float[]) found.getDatasetByPath("y").getData();
            for (int i = 0; i < 12; i++) {
                assertEquals(i % 3, y[i]);
            }
        }
        Cli again = test();
        assertEquals("1 mocha: layer [out]: results/out.h5 exists; name another file, move it away, or have it "
            + "replaced with forceOverwrite: true\n", again.code() + " " + again.err());
        Cli force = test("--set", "layers.out.forceOverwrite=true");
        assertEquals(0, force.code(), force.out() + force.err());
    }

    @Test void aNetWithoutStatisticsIsRunForItsOutput() throws Exception {
        String accuracy = "  - {name: accuracy, type: Accuracy, bottoms: [ip, label], phase: test}\n";
        String validation = "  - {type: ValidationPerformance, everyIterations: 20}\n";
        net(Cli.NET.replace(accuracy, OUT).replace(validation, ""));
        assertEquals(0, Cli.run("train", temp.resolve("net.yaml").toString(), "--iterations", "3").code());
        Cli test = test();
        assertEquals(0, test.code(), test.out() + test.err());
        assertTrue(test.out().endsWith("\nFed 12 samples to [out]\n"), test.out());
        net(Cli.NET.replace(accuracy, "").replace(validation, ""));
        Cli nothing = test();
        assertEquals("1 mocha: small has neither statistic nor sink in phase test; add one, such as Accuracy or "
            + "HDF5Output\n", nothing.code() + " " + nothing.err());
    }

    @Test void wrongFieldsHaveTheirPlaceInTheFile() throws Exception {
        net(Cli.NET.replace("solver:", OUT.replace("[x, scores, y]", "[x, scores]") + "solver:"));
        Cli run = Cli.run("validate", temp.resolve("net.yaml").toString());
        assertEquals(1, run.code());
        String text = run.out() + run.err();
        assertTrue(text.contains("datasets is [x, scores]; expected: 3 names, one per bottom"), text);
    }
}

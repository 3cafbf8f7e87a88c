package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.train.TrainingRun;

/** A run as a file describes it. */
class YamlRunTest {
    private static final String NET = """
            name: small
            layers:
              - {name: train-data, type: HDF5Data, source: data.h5, batchSize: 16, shuffle: true, tops: [data, label], phase: train}
              - {name: test-data, type: HDF5Data, source: data.h5, batchSize: 10, tops: [data, label], phase: test}
              - {name: conv1, type: Convolution, filters: 4, kernel: 3, neuron: ReLU, bottoms: [data], tops: [conv1]}
              - {name: ip1, type: InnerProduct, outputs: 4, bottoms: [conv1], tops: [ip1]}
              - {name: loss, type: SoftmaxLoss, bottoms: [ip1, label], phase: train}
              - {name: test, type: Accuracy, bottoms: [ip1, label], phase: test}
            solver: {type: SGD, iterations: 60, regularization: 0.0005, momentum: 0.9,
                     rate: {type: Inv, base: 0.01, gamma: 0.0001, power: 0.75}, gradients: [{type: ClipByGlobalNorm, norm: 5}]}
            breaks:
              - {type: TrainingSummary, everyIterations: 20}
              - {type: Snapshot, folder: snapshots, autoLoad: true, everyEpochs: 5}
              - {type: ValidationPerformance, everyIterations: 30}
            """;
    @TempDir
    Path dir;
    private final Catalog catalog = Small.catalog();
    private final Small.Lines lines = new Small.Lines();

    private TrainingRun run(String text, Integer iterations) throws Exception {
        Files.writeString(dir.resolve("net.yaml"), text);
        if (!Files.exists(dir.resolve("data.h5"))) {
            new Hdf5Format().write(dir.resolve("data.h5"), new TensorFile(
                    Map.of("data", Small.images(64), "label", Small.labels(64)), Map.of()));
        }
        var bound = Experiment.read(dir.resolve("net.yaml"), List.of(), catalog);
        Experiment e = bound.get();
        return new TrainingRun(catalog, new TrainingRun.Job(e.name(), e.nodes(bound.positions()), null, e.solver(), e.breaks()),
                new TrainingRun.Options(Small.options("cpu").base(dir), dir, iterations, lines));
    }

    @Test
    void trainsReportsSavesAndResumes() throws Exception {
        var first = run(NET, 30).train();
        assertEquals(30, first.iterations());
        var result = run(NET, null).train();
        assertEquals(60, result.iterations());
        assertEquals(List.of("000020", "000040", "000060"), lines.lines.stream()
                .filter(l -> l.matches("\\d{6} :: TRAIN obj-val = \\d\\.\\d{8}")).map(l -> l.substring(0, 6)).toList());
        assertEquals(3, lines.lines.stream().filter("## Performance on Validation Set"::equals).count());
        assertTrue(lines.lines.contains("  " + result.measurements().get(0).measurement().text()));
        assertTrue(result.measurements().get(0).measurement().text().startsWith("Accuracy (avg over 64) = "));
        for (int i : new int[] {0, 20, 30, 40, 60}) {
            assertTrue(lines.lines.contains("Saving snapshot to " + dir.resolve("snapshots").resolve(
                    String.format("snapshot-%06d.h5", i))), () -> lines.lines.toString());
        }
        assertTrue(lines.lines.contains("Resuming from " + dir.resolve("snapshots/snapshot-000030.h5") + " at iteration 30"));
        TensorFile saved = new Hdf5Format().read(dir.resolve("snapshots/snapshot-000060.h5"));
        assertTrue(saved.attributes().get("types").contains("\nConvolution = "), saved.attributes().get("types"));
        assertTrue(saved.attributes().get("types").contains("\nSnapshot = "), saved.attributes().get("types"));
        assertEquals(result.measurements(), run(NET, null).evaluate(dir.resolve("snapshots")));
    }

    @Test
    void breaksInFilesAreChecked() {
        assertTrue(assertThrows(ConfigurationException.class, () -> run(NET.replace("everyEpochs: 5", "keep: 2"), 1))
                .getMessage().endsWith("everyIterations, everyEpochs is null, null; expected: exactly one of the two"));
        assertTrue(assertThrows(ConfigurationException.class, () -> run(NET.replace("type: Snapshot", "type: Snapshott"), 1))
                .getMessage().contains("unknown coffee break [Snapshott]"));
    }
}

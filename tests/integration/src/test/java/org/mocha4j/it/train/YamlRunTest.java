package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.train.CoffeeLounge;
import org.mocha4j.runtime.train.TrainingRun;

/** A run as a file describes it. */
class YamlRunTest {
    private static final String NET = """
            name: small
            layers:
              - {name: train-data, type: HDF5Data, source: data.h5, batchSize: 16, shuffle: true, tops: [data, label], \
            phase: train}
              - {name: test-data, type: HDF5Data, source: data.h5, batchSize: 10, tops: [data, label], phase: test}
              - {name: conv1, type: Convolution, filters: 4, kernel: 3, neuron: ReLU, bottoms: [data], tops: [conv1]}
              - {name: ip1, type: InnerProduct, outputs: 4, bottoms: [conv1], tops: [ip1]}
              - {name: loss, type: SoftmaxLoss, bottoms: [ip1, label], phase: train}
              - {name: test, type: Accuracy, bottoms: [ip1, label], phase: test}
            solver: {type: SGD, iterations: 60, regularization: 0.0005, momentum: 0.9,
                     rate: {type: Inv, base: 0.01, gamma: 0.0001, power: 0.75}, gradients: [{type: ClipByGlobalNorm, \
            norm: 5}]}
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
        return new TrainingRun(catalog, new TrainingRun.Job(e.name(), e.nodes(bound.positions()), null, e.solver(),
                e.breaks()),
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
        assertTrue(lines.lines.contains("Resuming from " + dir.resolve("snapshots/snapshot-000030.h5")
                + " at iteration 30"));
        TensorFile saved = new Hdf5Format().read(dir.resolve("snapshots/snapshot-000060.h5"));
        assertTrue(saved.attributes().get("types").contains("\nConvolution = "), saved.attributes().get("types"));
        assertTrue(saved.attributes().get("types").contains("\nSnapshot = "), saved.attributes().get("types"));
        assertEquals(result.measurements(), run(NET, null).evaluate(dir.resolve("snapshots")).measurements());
    }

    @Test
    void everySolverAndPolicyCanBeWritten() throws Exception {
        for (String solver : List.of("type: Nesterov, momentum: {type: Step, base: 0.5, gamma: 1.1, stepSize: 10, max: "
                + "0.9}",
                "type: SGD, momentum: {type: Linear, base: 0.5, gamma: 0.1, stepSize: 10, max: 0.9}",
                "type: SGD, momentum: {type: Staged, stages: [[10, 0.5], {length: 5, rate: 0.9}]}",
                "type: AdaGrad, epsilon: 1e-7",
                "type: AdaDelta, rho: 0.9", "type: RMSProp, decay: 0.9, ignoreLocalRates: true", "type: Adam")) {
            String text = NET.replace("type: SGD, ", solver + ", ").replace("momentum: 0.9,\n", "\n")
                    .replace("autoLoad: true, ", "");
            assertEquals(3, run(text, 3).train().iterations(), solver);
        }
        for (String rate : List.of("Multistep, base: 0.01, gamma: 0.1, steps: [2, 5]",
                "Poly, base: 0.01, power: 1, iterations: 60",
                "Sigmoid, base: 0.01, gamma: -0.1, stepSize: 30", "Cosine, base: 0.01, iterations: 60, warmUp: 5",
                "DecayOnValidation, base: 0.01, statistic: test-accuracy, higherIsBetter: true, ratio: 0.1")) {
            String text = NET.replace("Inv, base: 0.01, gamma: 0.0001, power: 0.75", rate)
                    .replace("autoLoad: true, ", "");
            assertEquals(3, run(text, 3).train().iterations(), rate);
        }
    }

    @Test
    void neuronsInitializersAndConstraintsCanBeWritten() throws Exception {
        String text = NET.replace("neuron: ReLU, ", "neuron: {type: LReLU, slope: 0.1}, filter: {initializer: {type: "
                + "Orthogonal,"
                + " gain: 1.4}, constraint: {type: L2Norm, threshold: 0.5, everyIterations: 2}}, ")
                .replace("outputs: 4, ", "outputs: 4, neuron: {type: ReLU, epsilon: -5}, weight: {initializer: MSRA, "
                        + "regularizer: L1}, ");
        run(text, 2).train();
        Array filter = new Hdf5Format().read(dir.resolve("snapshots/snapshot-000002.h5")).tensors()
                .get("conv1___filter");
        for (int f = 0; f < 4; f++) {
            double sum = 0;
            for (int i = 0; i < 9; i++) {
                sum += filter.at(9 * f + i) * filter.at(9 * f + i);
            }
            assertEquals(0.5, Math.sqrt(sum), 1e-6, "an orthogonal filter of norm 1.4 is bounded");
        }
    }

    @Test
    void layersInFilesCanBeFrozen() throws Exception {
        run(NET.replace("momentum: 0.9,", "momentum: 0.9, frozen: [conv1],"), 5).train();
        Array before = new Hdf5Format().read(dir.resolve("snapshots/snapshot-000000.h5")).tensors()
                .get("conv1___filter");
        TensorFile after = new Hdf5Format().read(dir.resolve("snapshots/snapshot-000005.h5"));
        assertEquals(before, after.tensors().get("conv1___filter"));
        assertEquals("conv1", after.attributes().get("frozen"));
        lines.lines.clear();
        // the snapshot knows better than a file that was changed
        run(NET, 6).train();
        assertTrue(lines.lines.contains("Frozen layers are those of the snapshot, [conv1], not []"),
                lines.lines::toString);
        assertEquals(before, new Hdf5Format().read(dir.resolve("snapshots/snapshot-000006.h5")).tensors()
                .get("conv1___filter"));
        assertEquals("there is no layer [conv9] with parameters to freeze in net [small-train]; there are [conv1, ip1]",
                assertThrows(ConfigurationException.class, () -> run(NET.replace("momentum: 0.9,",
                        "momentum: 0.9, frozen: conv9,"),
                        5).train()).getMessage());
    }

    @Test
    void theFileSaysWhenToStopAndWhatToKeep() throws Exception {
        String text = NET.replace("breaks:\n", "breaks:\n"
                + "  - {type: EarlyStopping, statistic: objective, higherIsBetter: true, patience: 3, minImprovement: "
                        + "100, everyIterations: 1}\n"
                + "  - {type: BestSnapshot, folder: best, statistic: test-accuracy, higherIsBetter: true, "
                        + "everyIterations: 30}\n"
                + "  - {type: CoffeeLounge, file: statistics.csv, everyIterations: 30}\n")
                .replace("TrainingSummary, everyIterations: 20", "TrainingSummary, everyIterations: 5")
                .replace("momentum: 0.9,", "momentum: 0.9, reportPenalties: true,");
        var result = run(text, null).train();
        assertEquals(20, result.iterations(), "objectives of 5, 10, 15 and 20, of which the first is never exceeded by "
                + "100");
        assertFalse(result.interrupted());
        assertEquals(1, result.measurements().size());
        assertTrue(Files.exists(dir.resolve("best/snapshot-000000.h5")));
        assertEquals(result.objective(), CoffeeLounge.read(dir.resolve("statistics.csv")).history("objective")
                .get(20L));
        assertEquals(1, run(text, null).evaluate(dir.resolve("best")).measurements().size());
        assertTrue(assertThrows(ConfigurationException.class, () ->
                run(text.replace("higherIsBetter: true, patience", "patience"), 1))
                .getMessage().contains("higherIsBetter"), "the direction is required");
    }

    @Test
    void breaksInFilesAreChecked() {
        assertTrue(assertThrows(ConfigurationException.class, () -> run(NET.replace("everyEpochs: 5", "keep: 2"), 1))
                .getMessage().endsWith("everyIterations, everyEpochs is null, null; expected: exactly one of the two"));
        assertTrue(assertThrows(ConfigurationException.class,
                () -> run(NET.replace("type: Snapshot", "type: Snapshott"), 1))
                .getMessage().contains("unknown coffee break [Snapshott]"));
    }
}

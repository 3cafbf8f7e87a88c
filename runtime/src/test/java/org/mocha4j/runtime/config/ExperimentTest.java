package org.mocha4j.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Policy;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.RuntimePlugin;
import org.mocha4j.runtime.train.SolverConfig;

class ExperimentTest {
    @TempDir
    private Path folder;

    private static Catalog catalog() {
        return Catalog.of(List.of(Samples.plugin(), LoadedPlugin.of(new RuntimePlugin(), "runtime", "1")));
    }

    private Bound<Experiment> read(List<String> overrides, String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("net.yaml"), Samples.lines(lines));
        return Experiment.read(file, overrides, catalog());
    }

    @Test
    void aFileIsReadAsAWhole() throws Exception {
        Bound<Experiment> b = read(List.of("seed=7"), "name: LeNet", "layers:",
                "- {name: conv1, type: Convolution, filters: 20, kernel: 5, bottoms: data}",
                "solver: {type: SGD, iterations: 100, regularization: 0.0005, momentum: 0.9, rate: 0.01}",
                "breaks:",
                "- {type: TrainingSummary, everyIterations: 10}",
                "- {type: Snapshot, folder: snapshots, everyEpochs: 1}",
                "type: float64");
        Experiment e = b.get();
        assertEquals("LeNet", e.name());
        assertEquals(new SolverConfig(new Samples.SGD(Policy.of(0.9)), 100, 0.0005, Policy.of(0.01), null, null),
                e.solver());
        assertEquals(List.of("TrainingSummary", "Snapshot"),
                e.breaks().stream().map(x -> x.coffeeBreak().getClass().getSimpleName()).toList());
        assertEquals(10, e.breaks().get(0).everyIterations());
        assertEquals(1, e.breaks().get(1).everyEpochs());
        assertSame(DataType.FLOAT64, e.type());
        assertEquals(7L, e.seed());
        Node node = e.nodes(b.positions()).get(0);
        assertEquals(List.of("data"), node.bottoms());
        assertEquals(folder.resolve("net.yaml") + ":3: ", b.positions().prefix(node));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        Experiment e = read(List.of(), "layers: []").get();
        assertEquals(new Experiment("", List.of(), null, List.of(), DataType.FLOAT32, null), e);
        assertNull(e.solver());
    }

    @Test
    void itIsWrittenAndReadBack() throws Exception {
        Experiment e = read(List.of(), "layers:", "- {name: c, type: Convolution, filters: 2, kernel: 3, neuron: ReLU}",
                "solver: {type: SGD, iterations: 1, rate: {type: Inv, base: 1}}",
                "breaks: [{type: TrainingSummary, everyIterations: 10}]").get();
        String yaml = new ConfigWriter(catalog()).yaml(e);
        assertEquals(e, Experiment.bind(Yaml.parse("x", yaml), folder, catalog()).get());
        assertEquals(List.of(new BreakConfig(e.breaks().get(0).coffeeBreak(), 10, null)), e.breaks());
    }

    @Test
    void allProblemsAreReportedTogether() throws Exception {
        Bound<Experiment> b = read(List.of(), "breaks:", "- {type: TrainingSumary, everyIterations: 10}",
                "- {type: TrainingSummary, everyIterations: 0}", "- {type: TrainingSummary}",
                "solver: {type: SGD, iterations: 1}", "type: int32", "layers: []");
        String at = folder.resolve("net.yaml") + ":";
        assertEquals(Samples.lines(
                at + "2: unknown coffee break [TrainingSumary]; did you mean TrainingSummary? There are: BestSnapshot,"
                        + " CoffeeLounge, EarlyStopping, Snapshot, TrainingSummary, ValidationPerformance",
                at + "3: TrainingSummary.everyIterations is 0; expected: at least 1",
                at + "4: TrainingSummary: everyIterations, everyEpochs is null, null; expected: exactly one of the two",
                at + "5: SGD.rate is missing; expected: a number or a policy such as {type: Fixed, …}"),
                b.problems().toString());
        assertEquals(at + "1: Experiment.type is int32; expected: float32 or float64",
                read(List.of(), "{layers: [], type: int32}").problems().toString());
        assertEquals(at + "1: Experiment.layers is missing; expected: a list of layers",
                read(List.of(), "name: x").problems().toString());
    }
}

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
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Spec;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.solvers.SGD;

/** What goes wrong in a run, and whole runs. */
class FailureTest {
    @TempDir
    Path dir;
    private final Catalog catalog = Small.catalog();

    private static List<Node> linear(Layer data) {
        return List.of(Small.source("data", data, Phase.TRAIN), Node.of("ip", new InnerProduct(4), "data", "ip"),
                Node.sink("loss", new SoftmaxLoss(), "ip", "label"));
    }

    private static Layer data(int badRow, double label) {
        return data(badRow, label, 1);
    }

    private static Layer data(int badRow, double label, double size) {
        HostTensor x = HostTensor.allocate(Spec.of(DataType.FLOAT32, 20, 5));
        HostTensor y = HostTensor.allocate(Spec.of(DataType.FLOAT32, 20, 1));
        for (int i = 0; i < 20; i++) {
            x.set(5 * i + i % 4, size);
            y.set(i, i == badRow ? label : i % 4);
        }
        return new MemoryData(4, x.toArray(), y.toArray());
    }

    @Test
    void aBadLabelStopsTheRunWithTheParametersOfTheLastGoodIteration() {
        Map<String, Array> good;
        try (Session session = Session.open(catalog, Small.options("reference"));
             Net net = session.net("good", Phase.TRAIN, linear(data(-1, 0)));
             Solver s = new Solver(net, Small.solver(new SGD(0.9), 3, 1), List.of())) {
            s.solve();
            good = Small.all(s.parameters());
        }
        try (Session session = Session.open(catalog, Small.options("reference"));
             Net net = session.net("bad", Phase.TRAIN, linear(data(14, 7)));
             Solver s = new Solver(net, Small.solver(new SGD(0.9), 100, 1),
                     List.of(BreakConfig.everyIterations(1000, Snapshot.in("s"))), null, dir, new Small.Lines())) {
            String text = assertThrows(DataException.class, s::solve).getMessage();
            assertTrue(text.contains("[loss]"), text);
            assertTrue(text.contains("label 7 of sample 2 is no class"), text);
            assertTrue(text.endsWith("the parameters are those of the last good iteration; batch 3 is data from sample "
                    + "12"
                    + " of epoch 0 on"), text);
            assertEquals(3, s.iteration());
            assertEquals(good, Small.all(s.parameters()));
        }
        assertTrue(Files.exists(dir.resolve("s/snapshot-000000.h5")));
        assertFalse(Files.exists(dir.resolve("s/snapshot-000003.h5")));
    }

    @Test
    void anObjectiveThatIsNotFiniteStopsTheRunWithFiniteParameters() {
        SolverConfig wild = new SolverConfig(new SGD(0.9), 1000, 0.0, Policy.of(1e28), null, null);
        try (Session session = Session.open(catalog, Small.options("reference"));
             Net net = session.net("wild", Phase.TRAIN, linear(data(-1, 0, 1e6)));
             Solver s = new Solver(net, wild, List.of())) {
            String text = assertThrows(DataException.class, s::solve).getMessage();
            assertTrue(text.startsWith("net [wild], iteration " + s.iteration() + ": layer ["), text);
            assertTrue(text.contains("] produced the first value that is not finite"), text);
            Small.all(s.parameters()).forEach((name, a) -> {
                for (int i = 0; i < a.elements(); i++) {
                    assertTrue(Double.isFinite(a.at(i)), name + "[" + i + "] = " + a.at(i));
                }
            });
        }
    }

    @Test
    void aWholeRunTrainsReportsAndCanBeTestedFromItsSnapshot() {
        Small.Lines lines = new Small.Lines();
        List<Node> nodes = Small.nodes(Small.memory(64, 16, true), Small.memory(40, 16, false));
        var run = Small.run(catalog, nodes, Small.solver(new SGD(0.9), 150, 1), dir, lines,
                BreakConfig.everyIterations(50, Snapshot.in("s")));
        var result = run.train();
        assertEquals(150, result.iterations());
        assertFalse(result.interrupted());
        assertEquals(150 * 16, result.samples());
        assertTrue(result.samplesPerSecond() > 0);
        double accuracy = result.measurements().get(0).measurement().value();
        assertTrue(accuracy > 0.7, "accuracy " + accuracy);
        for (Path file : List.of(dir.resolve("s/snapshot-000150.h5"), dir.resolve("s"))) {
            List<Measured> found = run.evaluate(file).measurements();
            assertEquals(result.measurements(), found);
        }
        var before = run.evaluate(dir.resolve("s/snapshot-000000.h5")).measurements();
        assertTrue(before.get(0).measurement().value() < accuracy);
        assertTrue(lines.lines.contains("  " + result.measurements().get(0).measurement().text()));
        assertEquals(dir.resolve("none.h5") + " does not exist", assertThrows(ConfigurationException.class,
                () -> run.evaluate(dir.resolve("none.h5"))).getMessage());
    }

    @Test
    void aSnapshotOfAnotherNetIsRefusedWithTheTensorsThatDiffer() {
        List<Node> small = Small.nodes(Small.memory(20, 4, true), Small.memory(20, 4, true));
        Small.run(catalog, small, Small.solver(new SGD(0.9), 2, 1), dir, new Small.Lines(),
                BreakConfig.everyIterations(2, Snapshot.in("s"))).train();
        String text = assertThrows(ConfigurationException.class, () -> Small.run(catalog, linear(data(-1, 0)),
                Small.solver(new SGD(0.9), 4, 1), dir, new Small.Lines(),
                BreakConfig.everyIterations(2, Snapshot.in("s").withAutoLoad())).train()).getMessage();
        assertTrue(text.startsWith(dir.resolve("s/snapshot-000002.h5") + " is a snapshot of another net or run than"
                + " small-train:\n  ip___weight: float32[4, 5] here, float32[4, 27] in the snapshot\n"), text);
        assertTrue(text.contains("\n  conv___filter: none here, float32[3, 1, 3, 3] in the snapshot\n"), text);
        assertTrue(text.contains("\n  solver state conv___filter___momentum: none here"), text);
    }

    @Test
    void interruptFromAnotherThreadSavesAndReturns() throws InterruptedException {
        List<Node> nodes = Small.nodes(Small.memory(20, 4, true), Small.memory(20, 4, true));
        var run = Small.run(catalog, nodes, Small.solver(new SGD(0.9), 1_000_000, 1), dir, new Small.Lines(),
                BreakConfig.everyIterations(1_000_000, Snapshot.in("s")));
        Thread other = new Thread(() -> {
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                return;
            }
            run.interrupt();
        });
        other.start();
        var result = run.train();
        other.join();
        assertTrue(result.interrupted());
        assertTrue(result.iterations() < 1_000_000);
        assertTrue(Files.exists(dir.resolve("s").resolve(String.format("snapshot-%06d.h5", result.iterations()))));
    }
}

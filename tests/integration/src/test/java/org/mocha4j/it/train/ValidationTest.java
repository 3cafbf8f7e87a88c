package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Spec;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.Validation;
import org.mocha4j.runtime.train.ValidationPerformance;
import org.mocha4j.solvers.SGD;

class ValidationTest {
    @TempDir
    Path dir;

    /**
     * A fault of Mocha. Of 10,000 samples exactly those from 8,766 on are wrong: the last 16, left over by batches of
     * 64, count too.
     */
    @Test
    void validationThatCountsSamplesTwice() {
        int n = 10_000;
        HostTensor scores = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, 3));
        HostTensor labels = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, 1));
        for (int i = 0; i < n; i++) {
            labels.set(i, i % 3);
            scores.set(3 * i + (i < 8766 ? i : i + 1) % 3, 1);
        }
        for (boolean shuffle : new boolean[] {false, true}) {
            List<Node> nodes = List.of(Small.source("test-data", new MemoryData(64, List.of(scores.toArray(),
                    labels.toArray()), null, shuffle, null), Phase.TEST),
                    Node.sink("test", new Accuracy(), "data", "label"));
            try (Session session = Session.open(Small.catalog(), Small.options("reference"));
                 Net net = session.net("count", Phase.TEST, nodes);
                 Validation v = new Validation(net)) {
                assertEquals(10_000, v.size());
                for (int again = 0; again < 2; again++) {
                    List<Measured> found = v.run();
                    assertEquals(0.8766, found.get(0).measurement().value(), 0);
                    assertEquals("Accuracy (avg over 10000) = 87.6600%", found.get(0).measurement().text());
                }
            }
        }
    }

    @Test
    void trainingGoesOnAsIfThereWereNoValidation() {
        List<Map<String, Array>> found = new ArrayList<>();
        for (int every : new int[] {1000, 1, 3}) {
            List<Node> nodes = Small.nodes(Small.memory(50, 8, true), Small.memory(50, 8, true));
            try (Session session = Session.open(Small.catalog(), Small.options("reference"));
                 Net net = session.net("train", Phase.TRAIN, nodes);
                 Net test = session.net("test", Phase.TEST, nodes);
                 Solver s = new Solver(net, Small.solver(new SGD(0.9), 20, 1), every == 1000 ? List.of()
                         : List.of(BreakConfig.everyIterations(every, new ValidationPerformance())), test, dir,
                         new Small.Lines())) {
                s.solve();
                found.add(Small.all(s.parameters()));
                assertEquals(every == 1000 ? 0 : 20 / every + 1, s.lounge().history("test-accuracy").size());
            }
        }
        assertEquals(found.get(0), found.get(1));
        assertEquals(found.get(0), found.get(2));
    }

    @Test
    void aNetWithoutStatisticsIsRefused() {
        List<Node> nodes = Small.nodes(Small.memory(8, 4, false), Small.memory(8, 4, false)).subList(0, 8);
        assertEquals("ValidationPerformance: net [small-test] has no statistic in phase TEST; add one, such as "
                + "Accuracy",
                assertThrows(ConfigurationException.class, () -> Small.run(Small.catalog(), nodes,
                        Small.solver(new SGD(0.9), 1, 1), dir, new Small.Lines(),
                        BreakConfig.everyIterations(1, new ValidationPerformance())).train()).getMessage());
    }

    @Test
    void aSolverNeedsATrainingNet() {
        List<Node> nodes = Small.nodes(Small.memory(8, 4, false), Small.memory(8, 4, false));
        try (Session session = Session.open(Small.catalog(), Small.options("reference"));
             Net train = session.net("train", Phase.TRAIN, nodes);
             Net test = session.net("test", Phase.TEST, nodes)) {
            assertTrue(assertThrows(ConfigurationException.class,
                    () -> new Solver(test, Small.solver(new SGD(0.9), 1, 1),
                    List.of())).getMessage().contains("training needs TRAIN"));
            assertEquals("net [train] is of phase TRAIN; validation needs one of phase TEST",
                    assertThrows(ConfigurationException.class, () -> new Validation(train)).getMessage());
        }
    }
}

package org.mocha4j.cuda.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.cpu.CpuPlugin;
import org.mocha4j.initializers.InitializersPlugin;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.regularizers.RegularizersPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.solvers.Nesterov;
import org.mocha4j.testkit.Values;

/** A solver on a device that works on its own, whose status word is read a batch late. */
class LateStatusTest {
    private static final int BATCH = 4;
    private static final int BATCHES = 6;
    private static final int BAD = 13;

    private static List<Node> nodes(boolean bad) {
        float[] labels = new float[BATCH * BATCHES];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = bad && i == BAD ? 7 : i % 3;
        }
        Array x = Values.distinct(1, labels.length, 5);
        MemoryData data = new MemoryData(BATCH, x, Array.of(Shape.of(labels.length), labels));
        return List.of(Node.source("data", data, "data", "label"),
                Node.of("ip", new InnerProduct(3), "data", "ip"),
                new Node("loss", new SoftmaxLoss(), List.of("ip", "label"), null, null, Phase.TRAIN, null));
    }

    private static Map<String, Array> parameters(Solver s) {
        Map<String, Array> all = new TreeMap<>();
        s.parameters().names().forEach(n -> all.put(n, s.parameters().read(n)));
        return all;
    }

    private static Catalog catalog() {
        return Catalog.of(Stream.<Plugin>of(new CpuPlugin(), new SimulatedPlugin(), new InitializersPlugin(),
                new RegularizersPlugin()).map(p -> LoadedPlugin.of(p, p.getClass().getSimpleName(), "0")).toList());
    }

    /** Batch 3 is bad. With one batch an iteration that is iteration 3, which is seen in iteration 4 or at the end. */
    @ParameterizedTest
    @CsvSource({"cuda, 6, 1, 3", "cuda, 4, 1, 3", "cuda, 3, 2, 1", "cpu, 6, 1, 3", "cpu, 3, 2, 1"})
    void theBadBatchIsNamedAndNothingSinceIsApplied(String backend, int iterations, int accumulate, int good) {
        assumeTrue(SimulatedDriver.possible(), "no " + SimulatedDriver.COMPILER + ", so nothing is simulated");
        SolverConfig how = new SolverConfig(new Nesterov(0.9), iterations, 0.01, Policy.of(0.1), null, accumulate);
        try (Session session = Session.open(catalog(), SessionOptions.of(backend));
                Net net = session.net("net", Phase.TRAIN, nodes(true));
                Net fine = session.net("fine", Phase.TRAIN, nodes(false));
                Solver s = new Solver(net, how, List.of());
                Solver until = new Solver(fine, how.withIterations(good), List.of())) {
            Map<String, Array> before = parameters(s);
            assertEquals("net [net], iteration " + good + ": layer [loss]: label 7 of sample 1 is no class; expected: "
                    + "a whole number from 0 to the number of classes - 1; the parameters are those of the last good "
                    + "iteration; batch 3 is data from sample 12 of epoch 0 on",
                    assertThrows(DataException.class, s::solve).getMessage());
            until.solve();
            assertNotEquals(before, parameters(s));
            assertEquals(parameters(until), parameters(s));
        }
    }
}

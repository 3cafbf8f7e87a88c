package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.LRN;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.solvers.SGD;

/** A whole training, with shuffling, dropout and prefetch, has the same bits whenever and wherever it runs. */
class SameBitsTest {
    private static final int STEPS = 25;

    private static Map<String, Array> trained(String vector, int threads) {
        List<Node> nodes = List.of(Small.source("train-data", Small.memory(50, 13, true), Phase.TRAIN),
                Node.of("conv", new Convolution(20, Window.of(3)), "data", "conv").with(new ReLU()),
                Node.of("norm", new LRN(), "conv", "norm"),
                Node.of("pool", new Pooling(Window.of(3, 2)), "norm", "pool"),
                Node.of("drop", new Dropout(0.3), "pool", "drop"),
                Node.of("ip1", new InnerProduct(65), "drop", "ip1").with(new ReLU()),
                Node.of("ip2", new InnerProduct(4), "ip1", "ip2"),
                Node.sink("loss", new SoftmaxLoss(), "ip2", "label"));
        try (Session session = Session.open(Small.catalog(), SessionOptions.of("cpu").device(
                     new DeviceOptions(threads, false, Map.of("vector", vector))));
             Net net = session.net("bits", Phase.TRAIN, nodes);
             Solver s = new Solver(net, Small.solver(new SGD(0.9), STEPS, 1), List.of())) {
            s.solve();
            Map<String, Array> all = Small.all(s.parameters());
            s.slots().names().forEach(n -> all.put(n, s.slots().read(n)));
            return all;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void ofAnyNumberOfThreadsAndInEveryRun(String vector) {
        Map<String, Array> one = trained(vector, 1);
        assertEquals(12, one.size(), () -> one.keySet().toString());
        assertEquals(one, trained(vector, 1), "two runs with one thread");
        assertEquals(one, trained(vector, 2), "one thread and two");
        assertEquals(one, trained(vector, 2), "one thread and two, once more");
        assertEquals(one, trained(vector, 3), "one thread and three");
    }
}

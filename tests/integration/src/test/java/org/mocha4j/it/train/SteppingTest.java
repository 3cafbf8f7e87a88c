package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.Tanh;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.Snapshot;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.TrainingSummary;
import org.mocha4j.solvers.Nesterov;

/** Callers who go step by step, feed the net themselves and freeze layers in between. */
class SteppingTest {
    private static final int SAMPLES = 24;
    private static final int BATCH = 8;
    @TempDir
    Path dir;

    private static List<Node> nodes() {
        return List.of(Node.source("data", new MemoryData(BATCH, Small.images(SAMPLES, 4), Small.labels(SAMPLES)),
                "data", "label"),
                Node.of("ip1", new InnerProduct(5), "data").with(new Tanh()),
                Node.of("ip2", new InnerProduct(4), "ip1"),
                Node.sink("loss", new SoftmaxLoss(), "ip2", "label"));
    }

    private static HostTensor batch(Net net, String blob, Array all, int iteration) {
        HostTensor whole = HostTensor.allocate(all.spec());
        all.copyTo(whole);
        HostTensor t = HostTensor.allocate(new org.mocha4j.api.Spec(net.session().type(), all.shape().with(0, BATCH)));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, whole.get(iteration % (SAMPLES / BATCH) * t.elements() + i));
        }
        return t;
    }

    private Map<String, Array> train(Session session, boolean fed, List<Double> objectives) {
        Array images = Small.images(SAMPLES, 4);
        Array labels = Small.labels(SAMPLES);
        NetOptions options = fed ? NetOptions.fed(Map.of("data", images.shape().with(0, BATCH), "label",
                labels.shape().with(0, BATCH))) : NetOptions.DEFAULT;
        List<BreakConfig> breaks = List.of(BreakConfig.everyIterations(1, new TrainingSummary()),
                BreakConfig.everyIterations(4, Snapshot.in(fed ? "fed" : "read")));
        try (Net net = session.net("stepping", Phase.TRAIN, nodes(), options);
             Solver s = new Solver(net, Small.solver(new Nesterov(0.9), 9, 1), breaks, null, dir, new Small.Lines())) {
            s.begin();
            boolean more = true;
            while (more) {
                if (fed) {
                    s.set("data", batch(net, "data", images, (int) s.iteration()));
                    s.set("label", batch(net, "label", labels, (int) s.iteration()));
                }
                if (s.iteration() == 4) {
                    s.freeze("ip1");
                } else if (s.iteration() == 7) {
                    s.unfreeze("ip1");
                }
                more = s.advance();
            }
            s.end();
            assertEquals(9, s.iteration());
            objectives.addAll(s.lounge().history(TrainingSummary.OBJECTIVE).values());
            return Small.all(s.parameters());
        }
    }

    @Test
    void aCallerWhoFeedsGetsWhatTheDataLayerWouldGive() {
        List<Double> read = new ArrayList<>();
        List<Double> fed = new ArrayList<>();
        try (Session session = Session.open(Small.catalog(), Small.options("cpu"))) {
            Map<String, Array> expected = train(session, false, read);
            assertEquals(expected, train(session, true, fed));
            assertEquals(read, fed);
            assertEquals(9, fed.size());
            assertNotEquals(fed.get(0), fed.get(3), "the same batch after three updates");
            session.close();
            assertEquals(0, session.liveBytes());
        }
    }

    @Test
    void aBlobThatNobodyFeedsIsAnError() {
        try (Session session = Session.open(Small.catalog(), Small.options("cpu"));
             Net net = session.net("stepping", Phase.TRAIN, nodes());
             Solver s = new Solver(net, Small.solver(new Nesterov(0.9), 1, 1), List.of(), null, dir,
                     new Small.Lines())) {
            assertEquals("blob [data] is not fed by the caller in net [stepping]",
                    assertThrows(ConfigurationException.class,
                    () -> s.set("data", batch(net, "data", Small.images(SAMPLES, 4), 0))).getMessage());
        }
    }
}

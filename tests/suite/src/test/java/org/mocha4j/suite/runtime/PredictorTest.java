package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.layers.Index2Onehot;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Predictor;
import org.mocha4j.runtime.Session;
import org.mocha4j.testkit.Values;

/** A net that answers many threads. */
@Timeout(60)
class PredictorTest {
    private static Array image(int seed, int batch) {
        return Values.between(0, 1, seed, batch, 3, 9, 9).as(DataType.FLOAT32);
    }

    private static Array alone(Net net, Array x) {
        try (Execution e = net.inference(Map.of("data", x.shape()), List.of("ip2"))) {
            e.set("data", x);
            e.run(0);
            return e.read("ip2").toArray();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void eightThreadsWithBatchesOfTheirOwnGetWhatAnExecutionGives(int executions) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6));
                Predictor p = net.predictor(List.of("ip2"), executions)) {
            List<Callable<Boolean>> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Array x = image(i, 1 + i % 6);
                Array y = alone(net, x);
                jobs.add(() -> {
                    for (int r = 0; r < 40; r++) {
                        assertEquals(Map.of("ip2", y), p.predict(Map.of("data", x)));
                    }
                    return true;
                });
            }
            for (Future<Boolean> f : callers.invokeAll(jobs)) {
                assertTrue(f.get());
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void noMoreExecutionsWorkAtATimeThanAreAllowed() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            Predictor p = net.predictor(List.of("ip2"), 2);
            AtomicInteger now = new AtomicInteger();
            AtomicInteger largest = new AtomicInteger();
            Callable<Boolean> job = () -> p.use(Map.of("data", Shape.of(1, 3, 9, 9)), e -> {
                largest.accumulateAndGet(now.incrementAndGet(), Math::max);
                try {
                    Thread.sleep(100);                           // in which others come in, if they may
                } catch (InterruptedException x) {
                    throw new IllegalStateException(x);
                }
                now.decrementAndGet();
                return true;
            });
            for (Future<Boolean> f : callers.invokeAll(List.of(job, job, job, job, job, job))) {
                assertTrue(f.get());
            }
            assertEquals(2, largest.get());
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void anExecutionIsUsedAgainUnlessItsWorkFailed() {
        Map<String, Shape> one = Map.of("data", Shape.of(1, 3, 9, 9));
        Map<String, Shape> two = Map.of("data", Shape.of(2, 3, 9, 9));
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            Predictor p = net.predictor(List.of("ip2"));
            Execution first = p.use(one, e -> e);
            assertNotSame(first, p.use(two, e -> e));
            assertSame(first, p.use(one, e -> e));
            assertThrows(IllegalArgumentException.class, () -> p.use(one, e -> {
                throw new IllegalArgumentException();
            }));
            assertNotSame(first, p.use(one, e -> e));
        }
    }

    @Test
    void memoryIsThatOfTheLastShapesOnly() {
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            Predictor p = net.predictor(List.of("ip2"), 1);
            List<Execution> all = new ArrayList<>();
            for (int n = 1; n <= 6; n++) {
                all.add(p.use(Map.of("data", Shape.of(n, 3, 9, 9)), e -> e));
            }
            assertSame(all.get(5), p.use(Map.of("data", Shape.of(6, 3, 9, 9)), e -> e));
            assertSame(all.get(2), p.use(Map.of("data", Shape.of(3, 3, 9, 9)), e -> e));
            assertNotSame(all.get(1), p.use(Map.of("data", Shape.of(2, 3, 9, 9)), e -> e));
        }
    }

    @Test
    void whatCannotBeComputedIsNamed() {
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            String said = assertThrows(ConfigurationException.class, () -> net.predictor(List.of("ip2", "ip3"))).getMessage();
            assertTrue(said.startsWith("net [n] has no blob [ip3]; it has [data, "), said);
            assertEquals("a predictor of net [n] has no outputs; name at least one blob",
                    assertThrows(ConfigurationException.class, () -> net.predictor(List.of())).getMessage());
            assertEquals("a predictor's executions are 0; expected: at least 1",
                    assertThrows(ConfigurationException.class, () -> net.predictor(List.of("ip2"), 0)).getMessage());
            Predictor p = net.predictor(List.of("ip2"));
            assertThrows(MochaException.class, () -> p.predict(Map.of("date", image(1, 1))));
            assertEquals(alone(net, image(2, 1)), p.predict(Map.of("data", image(2, 1))).get("ip2"), "a failure leaves it usable");
            p.close();
            p.close();
            assertEquals("the predictor of net [n] is closed",
                    assertThrows(MochaException.class, () -> p.predict(Map.of("data", image(2, 1)))).getMessage());
        }
    }

    @Test
    void badDataIsAnErrorAndTheNextIsAnsweredRightly() {
        Array labels = Array.filled(Spec.of(DataType.FLOAT32, 2), 0);
        List<Node> nodes = List.of(Node.source("source", new MemoryData(2, labels), "label"),
                Node.of("hot", new Index2Onehot(3, 1), "label"));
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, nodes)) {
            Predictor p = net.predictor(List.of("hot"));
            assertEquals("net [n]: label 7 of sample 1 is no class; expected: a whole number from 0 to the number of classes - 1",
                    assertThrows(DataException.class, () -> p.predict(Map.of("label", Array.of(Shape.of(2), 0f, 7))))
                            .getMessage());
            assertEquals(Array.of(Shape.of(2, 3), 0f, 1, 0, 0, 0, 1),
                    p.predict(Map.of("label", Array.of(Shape.of(2), 1f, 2))).get("hot"));
        }
    }

    @Test
    void whoWaitsCanBeInterrupted() {
        Map<String, Shape> one = Map.of("data", Shape.of(1, 3, 9, 9));
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            Predictor p = net.predictor(List.of("ip2"), 1);
            AtomicReference<Throwable> said = new AtomicReference<>();
            p.use(one, e -> {
                Thread waits = new Thread(() -> said.set(assertThrows(MochaException.class, () -> p.use(one, o -> o))));
                waits.start();
                waits.interrupt();
                return join(waits);
            });
            assertEquals("interrupted while all executions of net [n] are at work", said.get().getMessage());
        }
    }

    private static boolean join(Thread t) {
        try {
            t.join();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"predictor", "net", "session"})
    void closingWaitsForWorkThatGoesOnAndRefusesTheRest(String what) throws Exception {
        Map<String, Shape> one = Map.of("data", Shape.of(1, 3, 9, 9));
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            Predictor p = net.predictor(List.of("ip2"), 1);
            Array x = image(3, 1);
            Array y = alone(net, x);
            AutoCloseable closed = Map.of("predictor", p, "net", net, "session", s).get(what);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread closing = new Thread(() -> {
                try {
                    closed.close();
                } catch (Exception e) {
                    failure.set(e);
                }
            });
            Array late = p.use(one, e -> {
                closing.start();
                while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TERMINATED) {
                    Thread.onSpinWait();
                }
                e.set("data", x);
                e.run(0);
                return e.read("ip2").toArray();
            });
            closing.join();
            assertEquals(y, late);
            assertNull(failure.get());
            assertEquals("the predictor of net [n] is closed",
                    assertThrows(MochaException.class, () -> p.predict(Map.of("data", x))).getMessage());
        }
    }

    @Test
    void workThatAsksOrClosesItsPredictorIsToldSoInsteadOfWaitingForItself() {
        Map<String, Shape> one = Map.of("data", Shape.of(1, 3, 9, 9));
        String expected = "the predictor of net [n] is asked or closed by work that it does; do that when the work is done";
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, Rig.lenet(6))) {
            Predictor p = net.predictor(List.of("ip2"), 1);
            assertEquals(expected, assertThrows(IllegalStateException.class, () -> p.use(one, e -> p.use(one, o -> o))).getMessage());
            assertEquals(expected, assertThrows(IllegalStateException.class, () -> p.use(one, e -> {
                net.close();
                return null;
            })).getMessage());
            assertEquals(alone(net, image(2, 1)), p.predict(Map.of("data", image(2, 1))).get("ip2"));
        }
    }

    @Test
    void aReportThatNobodyAsksForIsNotTheNextCallers() {
        Array labels = Array.filled(Spec.of(DataType.FLOAT32, 1), 0);
        List<Node> nodes = List.of(Node.source("source", new MemoryData(1, labels), "label"),
                Node.of("hot", new Index2Onehot(3, 1), "label"));
        try (Session s = Rig.open("cpu"); Net net = s.net("n", Phase.TEST, nodes)) {
            Predictor p = net.predictor(List.of("hot"));
            p.use(Map.of("label", Shape.of(1)), e -> {
                e.set("label", Array.of(Shape.of(1), 7f));
                e.run(0);
                return null;
            });
            assertEquals(Array.of(Shape.of(1, 3), 0f, 1, 0), p.predict(Map.of("label", Array.of(Shape.of(1), 1f))).get("hot"));
        }
    }
}

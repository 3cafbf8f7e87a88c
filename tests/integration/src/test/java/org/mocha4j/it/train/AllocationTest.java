package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Window;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.TrainingSummary;
import org.mocha4j.solvers.SGD;

/** After 500 steps, 1,000 more allocate at most 1 KB on all threads together; then no device memory stays in use. */
class AllocationTest {
    /** Until then every method that a step calls has been called 5,000 times, and C2 was asked to compile it. */
    private static final int WARM = 6000;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * When a method is handed to C2, the JVM makes the String objects of all texts in its class, such as those of
     * messages, once and for ever (CompileBroker::compile_method). The thread that calls a method for the 5,000th time
     * pays for that, so some hundred bytes turn up in the course of a JVM's first 5,500 steps. Here that comes before.
     */
    @BeforeAll
    static void textsOfClassesAreMade() {
        for (String backend : List.of("reference", "cpu")) {
            try (Session session = Session.open(Small.catalog(), Small.options(backend));
                 Net net = session.net("warm", Phase.TRAIN, small());
                 Solver s = solver(net)) {
                steps(s, WARM);
            }
        }
    }

    /** Every op of the small net, in plain loops. */
    @Test
    void theSmallNetAllocatesNothing() {
        check("reference", small());
    }

    private static List<Node> small() {
        return Small.nodes(Small.memory(50, 8, true), Small.memory(50, 8, true));
    }

    /** Real sizes, so that the compiler has seen to the kernels of the Vector API before the measurement. */
    @Test
    void leNetAllocatesNothing() {
        check("cpu", List.of(Small.source("data", new MemoryData(16, List.of(Small.images(128, 28), Small.labels(128)),
                        null, true, null), Phase.TRAIN),
                Node.of("conv1", new Convolution(20, Window.of(5)), "data", "conv1"),
                Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1", "pool1"),
                Node.of("conv2", new Convolution(50, Window.of(5)), "pool1", "conv2"),
                Node.of("pool2", new Pooling(Window.of(2, 2)), "conv2", "pool2"),
                Node.of("ip1", new InnerProduct(500), "pool2", "ip1").with(new ReLU()),
                Node.of("ip2", new InnerProduct(10), "ip1", "ip2"),
                Node.sink("loss", new SoftmaxLoss(), "ip2", "label")));
    }

    private void check(String backend, List<Node> nodes) {
        Session session = Session.open(Small.catalog(), Small.options(backend));
        Net net = session.net("thrifty", Phase.TRAIN, nodes);
        try (Solver s = solver(net)) {
            steps(s, 500);
            long[] ids = ids();
            allocated(ids);
            long empty = allocated(ids);
            empty = allocated(ids) - empty;                      // what measuring itself takes
            long before = allocated(ids);
            steps(s, 1000);
            long used = allocated(ids) - before - empty;
            System.out.println(backend + ": 1,000 steps allocated " + used + " bytes");
            assertTrue(used <= 1024, () -> used + " bytes by " + names(ids));
        }
        net.close();
        assertEquals(0, session.liveBytes());
        session.close();
    }

    private static Solver solver(Net net) {
        return new Solver(net, Small.solver(new SGD(0.9), 100_000, 1),
                List.of(BreakConfig.everyIterations(10_000, new TrainingSummary())));
    }

    private static void steps(Solver s, int n) {
        for (int i = 0; i < n; i++) {
            s.step();
        }
    }

    /** The threads of Java code that take part: solver, feed and pool; not those of JVM, compiler and Maven. */
    private long[] ids() {
        Set<Thread> all = Thread.getAllStackTraces().keySet();
        assertTrue(all.stream().anyMatch(t -> t.getName().equals("mocha-feed-thrifty")));
        return all.stream().filter(t -> t == Thread.currentThread() || t.getName().startsWith("mocha"))
                .mapToLong(Thread::getId).toArray();
    }

    private String names(long[] ids) {
        return Arrays.stream(threads.getThreadInfo(ids)).map(i -> i.getThreadName()).collect(Collectors.joining(", "));
    }

    private long allocated(long[] ids) {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(ids)) {
            sum += bytes;
        }
        return sum;
    }
}

package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.layers.Dropout;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.Inv;
import org.mocha4j.solvers.SGD;

/** Steps allocate nothing on any thread. */
class AllocationTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long allocated() {
        long sum = 0;
        for (Thread t : Thread.getAllStackTraces().keySet()) {
            if (t == Thread.currentThread() || t.getName().startsWith("mocha")) {
                sum += Math.max(0, THREADS.getThreadAllocatedBytes(t.getId()));
            }
        }
        return sum;
    }

    /** Vectors are boxed until the last compiler has seen them, which takes longer than a test should. */
    private static SessionOptions options(String backend) {
        return SessionOptions.of(backend).device(new DeviceOptions(backend.equals("cpu") ? 2 : 0, false,
                backend.equals("cpu") ? Map.of("vector", "off") : Map.of()));
    }

    private static void steps(Training t, List<List<HostTensor>> batch, int from, int n, int accumulate) {
        for (int i = from; i < from + n; i++) {
            for (int k = 0; k < accumulate; k++) {
                t.accumulate(batch, (long) i * accumulate + k, k);
            }
            t.apply(i);
            t.objective();
            t.failed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aThousandStepsAllocateNothing(String backend) {
        List<Node> nodes = new ArrayList<>(Rig.lenet(2));
        nodes.add(5, Node.of("drop", new Dropout(0.3), "ip1", "ip1"));
        for (int accumulate : new int[] {1, 2}) {
            TrainingOptions o = new TrainingOptions(accumulate == 1 ? new SGD(0.9) : new Adam(), 0.01,
                    accumulate == 1 ? new Inv(0.01, 0.1, 0.5) : Policy.of(0.01), List.of(), accumulate);
            try (Session base = Rig.open(backend); Session s = Session.open(base.catalog(), options(backend));
                    Net net = s.net("n", Phase.TRAIN, nodes); Training t = net.training(o)) {
                List<List<HostTensor>> batch = Rig.batch(net);
                steps(t, batch, 0, 500, accumulate);
                long best = Long.MAX_VALUE;
                for (int attempt = 0; attempt < 3 && best > 1024; attempt++) {
                    long overhead = -allocated() + allocated();
                    long before = allocated();
                    steps(t, batch, 500 + attempt * 1000, 1000, accumulate);
                    best = Math.min(best, allocated() - before - overhead);
                }
                assertTrue(best <= 1024, best + " bytes in 1,000 steps");
            }
        }
    }
}

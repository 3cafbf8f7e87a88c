package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Op1;
import org.mocha4j.api.ops.Op2;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryOutput;
import org.mocha4j.layers.Recording;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Programs that compute forward: shapes, threads, statistics, sinks, copies of parameters, host kernels. */
class ExecutionTest {
    private static List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(Rig.lenet(6));
        nodes.add(Node.sink("accuracy", new Accuracy(), "ip2", "label"));
        nodes.add(Node.sink("out", new MemoryOutput(), "ip2", "label"));
        nodes.add(4, Node.of("norm", new BatchNorm(), "conv2", "conv2"));
        nodes.set(5, Node.of("ip1", new InnerProduct(7), "conv2", "ip1"));
        return nodes;
    }

    private static double[] infer(Execution e, HostTensor x) {
        e.set("data", x);
        e.run(0);
        return e.read("ip2").toArray().toDoubles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void inferenceTakesAnyBatchAndGivesEachSampleTheSame(String backend) {
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, nodes())) {
            HostTensor x = Rig.random(DataType.FLOAT32, Shape.of(64, 3, 9, 9), 1);
            double[] all = null;
            for (int n : new int[] {64, 7, 1}) {
                HostTensor part = HostTensor.wrap(new Spec(DataType.FLOAT32, Shape.of(n, 3, 9, 9)), x.array());
                try (Execution e = net.inference(Map.of("data", part.shape()), List.of("ip2"))) {
                    assertTrue(e.explain().stream().noneMatch(i ->
                            List.of("loss", "accuracy", "out").contains(i.layer())));
                    double[] y = infer(e, part);
                    all = all == null ? y : all;
                    assertArrayClose(Arrays.copyOf(all, n * 4), y, 1e-6);
                }
            }
        }
    }

    private static void assertArrayClose(double[] a, double[] b, double tolerance) {
        org.junit.jupiter.api.Assertions.assertArrayEquals(a, b, tolerance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aBlobInTheMiddleMayBeFed(String backend) {
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, nodes());
                Execution whole = net.inference(Map.of("data", Shape.of(2, 3, 9, 9)), List.of("pool", "ip2"));
                Execution tail = net.inference(Map.of("pool", Shape.of(2, 6, 4, 4)), List.of("ip2"))) {
            double[] y = infer(whole, Rig.random(DataType.FLOAT32, Shape.of(2, 3, 9, 9), 1));
            assertTrue(tail.explain().stream().noneMatch(i -> "conv".equals(i.layer())));
            tail.set("pool", whole.read("pool").toArray());
            tail.run(0);
            assertArrayClose(y, tail.read("ip2").toArray().toDoubles(), 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void eightThreadsGetBitForBitWhatTheyGetAlone(String backend) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, nodes())) {
            List<HostTensor> x = new ArrayList<>();
            List<double[]> alone = new ArrayList<>();
            Map<String, Shape> in = Map.of("data", Shape.of(3, 3, 9, 9));
            for (int i = 0; i < 8; i++) {
                x.add(Rig.random(DataType.FLOAT32, Shape.of(3, 3, 9, 9), i));
                try (Execution e = net.inference(in, List.of("ip2"))) {
                    alone.add(infer(e, x.get(i)));
                }
            }
            List<Callable<Boolean>> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int k = i;
                jobs.add(() -> {
                    try (Execution e = net.inference(in, List.of("ip2"))) {
                        for (int r = 0; r < 50; r++) {
                            if (!Arrays.equals(alone.get(k), infer(e, x.get(k)))) {
                                return false;
                            }
                        }
                        return true;
                    }
                });
            }
            for (Future<Boolean> f : pool.invokeAll(jobs)) {
                assertTrue(f.get());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aTestProgramWritesNothing(String backend) {
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, nodes()); Execution e = net.execution()) {
            Map<String, Array> before = Rig.all(net.parameters());
            e.load(Rig.batch(net));
            e.run(0);
            e.run(1);
            assertEquals(List.of(), e.writes());
            assertEquals(before, Rig.all(net.parameters()));
            assertTrue(e.explain().stream().noneMatch(i -> i.op().equals("Commit")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void eachRunOfAProgramGivesTheSame(String backend) {
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, nodes());
                Execution e = net.inference(Map.of("data", Shape.of(3, 3, 9, 9)), List.of("ip2"))) {
            HostTensor x = Rig.random(DataType.FLOAT32, Shape.of(3, 3, 9, 9), 1);
            double[] first = infer(e, x);
            infer(e, Rig.random(DataType.FLOAT32, Shape.of(3, 3, 9, 9), 2));
            assertArrayClose(first, infer(e, x), 0);
        }
    }

    /** The training net is planned first, so that odd's parameters live in its own filter layout. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void copiesOfParametersFollowWritesAndTraining(String backend) {
        List<Node> nodes = nodes();
        try (Session s = Rig.open(backend); Net train = s.net("train", Phase.TRAIN, nodes);
                Training t = train.training(TrainingOptions.of(new SGD(0.0), 0.5));
                Net test = s.net("test", Phase.TEST, nodes);
                Execution e = test.inference(Map.of("data", Shape.of(2, 3, 9, 9)), List.of("ip2"));
                Execution scaled = test.inference(Map.of("data", Shape.of(2, 3, 9, 9)), List.of("conv"))) {
            HostTensor x = Rig.random(DataType.FLOAT32, Shape.of(2, 3, 9, 9), 1);
            double[] first = infer(e, x);
            t.accumulate(Rig.batch(train), 0, 0);
            t.apply(0);
            double[] second = infer(e, x);
            assertNotEquals(Arrays.toString(first), Arrays.toString(second));
            for (String p : List.of("conv___filter", "ip2___weight")) {
                double[] before = infer(e, x);
                Array w = train.parameters().read(p);
                test.parameters().write(p, Array.filled(w.spec(), 0.25));
                assertEquals(Array.filled(w.spec(), 0.25), train.parameters().read(p));
                assertNotEquals(Arrays.toString(before), Arrays.toString(infer(e, x)), p);
                train.parameters().write(p, w);
                assertEquals(w, test.parameters().read(p));
                assertArrayClose(before, infer(e, x), 0);
            }
            scaled.set("data", x);
            scaled.run(0);
            assertFalse(scaled.explain().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void statisticsCountEachValidSampleOnce(String backend) {
        try (Session s = Rig.open(backend); Net net = s.net("n", Phase.TEST, nodes());
                Execution e = net.execution("ip2")) {
            List<List<HostTensor>> batch = Rig.batch(net);
            e.load(batch);
            e.run(0);
            int[] right = new int[6];
            for (int i = 0; i < 6; i++) {
                HostTensor y = e.read("ip2");
                int best = 0;
                for (int c = 1; c < 4; c++) {
                    best = y.get(i * 4 + c) > y.get(i * 4 + best) ? c : best;
                }
                right[i] = best == batch.get(0).get(1).get(i) ? 1 : 0;
            }
            assertEquals(text(Arrays.stream(right).sum(), 6), e.measurements().get(0).measurement().text());
            e.load(batch);
            e.valid(2);
            e.run(1);
            assertEquals(text(Arrays.stream(right).sum() + right[0] + right[1], 8),
                    e.measurements().get(0).measurement().text());
            assertEquals("accuracy-accuracy", e.measurements().get(0).key());
            e.resetStatistics();
            assertTrue(Double.isNaN(e.measurements().get(0).measurement().value()));
            Recording out = (Recording) e.sinks().get("out");
            assertEquals(Shape.of(8, 4), out.all(0).shape());
        }
    }

    private static String text(int right, int of) {
        return String.format(java.util.Locale.ROOT, "Accuracy (avg over %d) = %.4f%%", of, 100.0 * right / of);
    }

    /** y = x³ on the host, with a gradient on the host. */
    private record Cube() implements Op1 {
        @Override
        public Spec infer(Spec x) {
            return x;
        }

        @Override
        public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
            return Optional.of(List.of(g.op(new CubeGradient(), in.get(0), dOut.get(0))));
        }

        @Override
        public Optional<HostKernel> hostKernel() {
            return Optional.of((in, out) -> {
                for (int i = 0; i < in.get(0).elements(); i++) {
                    out.get(0).set(i, Math.pow(in.get(0).get(i), 3));
                }
            });
        }
    }

    private record CubeGradient() implements Op2 {
        @Override
        public Spec infer(Spec x, Spec dy) {
            return x;
        }

        @Override
        public Optional<HostKernel> hostKernel() {
            return Optional.of((in, out) -> {
                for (int i = 0; i < in.get(0).elements(); i++) {
                    out.get(0).set(i, 3 * in.get(0).get(i) * in.get(0).get(i) * in.get(1).get(i));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void hostKernelsRunWhereTheDeviceHasNothing(String backend) {
        List<Node> nodes = new ArrayList<>(Rig.lenet(2));
        nodes.set(2, Rig.node("cube", (g, in) -> List.of(g.op(new Cube(), in.get(0))), List.of("conv"), "cube"));
        nodes.set(3, Node.of("pool", new org.mocha4j.layers.Pooling(org.mocha4j.api.Window.of(2, 2)), "cube", "pool"));
        nodes.set(4, Node.of("ip1", new InnerProduct(7), "pool", "ip1"));
        List<Node> device = new ArrayList<>(nodes);
        device.set(2, Rig.node("cube", (g, in) -> List.of(org.mocha4j.api.ops.Ops.pow(g, in.get(0), 3)),
                List.of("conv"),
                "cube"));
        double[][] results = new double[2][];
        for (int i = 0; i < 2; i++) {
            try (Session s = Rig.open(backend, DataType.FLOAT64, true);
                    Net net = s.net("n", Phase.TRAIN, i == 0 ? nodes : device);
                    Training t = net.training(TrainingOptions.of(new SGD(0.0), 0.5))) {
                t.accumulate(Rig.batch(net), 0, 0);
                t.apply(0);
                results[i] = net.parameters().read("conv___filter").toDoubles();
                List<String> hosts = t.explain().get("accumulate").stream().filter(x -> x.op().startsWith("Cube"))
                        .map(StepInfo::kernel).toList();
                assertEquals(i == 0 ? List.of("host kernel, with copies from and to the device",
                        "host kernel, with copies from and to the device") : List.of(), hosts);
            }
        }
        assertArrayClose(results[1], results[0], 1e-12);
    }
}

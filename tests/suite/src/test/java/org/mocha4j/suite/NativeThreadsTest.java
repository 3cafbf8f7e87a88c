package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mocha4j.testkit.Values.between;
import static org.mocha4j.testkit.Values.distinct;
import static org.mocha4j.testkit.Values.whole;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.BatchNorm;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.Dropout;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Pooling;
import org.mocha4j.api.ops.Sigmoid;
import org.mocha4j.api.ops.Softmax;
import org.mocha4j.api.ops.SoftmaxLoss;
import org.mocha4j.api.ops.Unfold;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;

/** The native backend with several threads: its own, and callers. */
class NativeThreadsTest {
    /** Ops over tensors that are large enough for all threads to take part. */
    record Case(String name, List<Array> inputs, BiFunction<Graph, List<Value>, List<Value>> f) {
        static Case of(String name, BiFunction<Graph, List<Value>, Value> f, Array... inputs) {
            return new Case(name, List.of(inputs), (g, in) -> List.of(f.apply(g, in)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeEach
    void requireLibrary() {
        assumeTrue(Backends.backends().stream().anyMatch(b -> b.backend().equals("native")),
                () -> "skipped: " + Backends.nativeLibrary().detail());
    }

    private static Setup threads(int n, DataType type, String winograd) {
        return new Setup("native", Map.of("winograd", winograd), n, type, true);
    }

    // --- how many threads a device has ------------------------------------------------------------------------------

    static Stream<Case> own() {
        Array images = distinct(1, 13, 20, 19, 18);
        Array rows = between(-3, 3, 2, 700, 130);
        return Stream.of(
                Case.of("element-wise", (g, in) -> Ops.multiply(g, Ops.tanh(g, in.get(0)), Ops.exp(g, in.get(0))), images),
                Case.of("sigmoid", (g, in) -> g.ops(new Sigmoid(), in.get(0)).get(0), images),
                Case.of("max pooling", (g, in) -> g.ops(new Pooling(Pooling.Kind.MAX, Window.of(3, 2), null,
                        Pooling.Rounding.CEIL),
                        in.get(0)).get(0), images),
                Case.of("mean pooling", (g, in) -> g.ops(new Pooling(Pooling.Kind.MEAN, Window.of(3, 2),
                        Pooling.Divisor.KERNEL, Pooling.Rounding.CEIL),
                        in.get(0)).get(0), images),
                Case.of("LRN across channels", (g, in) -> g.ops(
                        new LRN(LRN.Mode.ACROSS_CHANNEL, 5, 1e-2, 1, 0.75), in.get(0)).get(0), images),
                Case.of("LRN within a channel", (g, in) -> g.ops(
                        new LRN(LRN.Mode.WITHIN_CHANNEL, 3, 1e-2, 1, 0.75), in.get(0)).get(0), images),
                new Case("batch norm", List.of(images, distinct(3, 20), distinct(4, 20)), (g, in) ->
                        g.ops(new BatchNorm(1e-5), in.toArray(Value[]::new)).subList(0, 1)),
                Case.of("softmax", (g, in) -> g.ops(new Softmax(1), in.get(0)).get(0), rows),
                Case.of("softmax loss", (g, in) -> g.ops(new SoftmaxLoss(1), in.toArray(Value[]::new)).get(0), rows,
                        whole(130, 5, 700, 1)),
                Case.of("sum of all", (g, in) -> Ops.sumAll(g, in.get(0)), images),
                Case.of("sum of rows", (g, in) -> Ops.sum(g, in.get(0), List.of(1)), rows),
                Case.of("sum of columns", (g, in) -> Ops.sum(g, in.get(0), List.of(0)), rows),
                Case.of("sum to channels", (g, in) -> Ops.sumToAxis(g, in.get(0), 1), images),
                Case.of("maximum", (g, in) -> Ops.reduceMax(g, in.get(0), 1), rows),
                Case.of("transpose", (g, in) -> Ops.transpose(g, in.get(0), 3, 1, 0, 2), images),
                Case.of("broadcast", (g, in) -> Ops.broadcastAxis(g, in.get(0), Shape.of(50, 130, 20), 1), distinct(6, 130)),
                Case.of("unfold", (g, in) -> g.ops(new Unfold(Window.of(3, 2, 1)), in.get(0)).get(0), images),
                Case.of("gather", (g, in) -> g.ops(new Gather(), in.toArray(Value[]::new)).get(0), rows, whole(700, 7, 900)),
                Case.of("dropout", (g, in) -> g.ops(new Dropout(0.3), in.get(0), g.random("u", Distribution.uniform(),
                        in.get(0).shape())).get(0), images),
                Case.of("normal numbers", (g, in) -> Ops.add(g, in.get(0), g.random("z", Distribution.normal(0, 1),
                        in.get(0).shape())), images),
                convolution(Window.of(3, 1, 1), 1), convolution(Window.of(5, 1, 2), 1));
    }

    /** What oneDNN computes in float32, in slices of images, of rows of one image, and in stripes. */
    static Stream<Case> oneDnn() {
        return Stream.of(convolution(Window.of(3, 2), 1), convolution(Window.of(1), 1), convolution(Window.of(3, 1, 1), 2),
                rows(Window.of(3, 2, 1)), rows(Window.of(1)), rows(Window.of(11, 4)), rows(Window.of(3, 1, 9)),
                product(64, 500, 800), product(500, 800, 64), product(1, 500, 800), product(300, 300, 300),
                product(64, 10, 500));
    }

    private static Case convolution(Window w, int groups) {
        int k = w.kernel().h();
        return Case.of("convolution " + k + "x" + k + " stride " + w.stride().h() + " groups " + groups, (g, in) ->
                g.ops(new Convolution(w, groups), in.toArray(Value[]::new)).get(0), distinct(1, 13, 32, 15, 14),
                between(-0.1, 0.1, 8, 48, 32 / groups, k, k));
    }

    private static Case product(int m, int n, int k) {
        return Case.of("product " + m + "x" + n + "x" + k, (g, in) -> Ops.matMul(g, in.get(0), false, in.get(1), false),
                between(-1, 1, 9, m, k), between(-1, 1, 10, k, n));
    }

    /** A single large image. */
    private static Case rows(Window w) {
        int k = w.kernel().h();
        return Case.of("convolution of an image " + k + "x" + k + " stride " + w.stride().h() + " pad " + w.pad().h(), (g, in) ->
                g.ops(new Convolution(w, 1), in.toArray(Value[]::new)).get(0), distinct(1, 1, 16, 61, 60),
                between(-0.1, 0.1, 8, 48, 16, k, k));
    }

    /** The result, and the gradient of a sum of it, weighted. */
    private static Map<String, Array> values(Case c, Setup b) {
        Map<String, Array> all = new LinkedHashMap<>();
        try (Session s = b.open()) {
            List<Array> in = c.inputs.stream().map(a -> a.as(b.type())).toList();
            Array y = s.evaluate(in, c.f).get(0);
            all.put("value", y);
            List<Array> d = s.gradients(in, List.of(between(-1, 1, 11, y.shape().dims()).as(b.type())), c.f);
            for (int i = 0; i < d.size(); i++) {
                if (d.get(i) != null) {
                    all.put("gradient of input " + i, d.get(i));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource({"own", "oneDnn"})
    void allOpsGiveTheSameBitsForAnyNumberOfThreads(Case c) {
        for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
            for (String winograd : List.of("on", "off")) {
                Map<String, Array> one = values(c, threads(1, type, winograd));
                assertEquals(one, values(c, threads(2, type, winograd)), type + ", two threads");
                assertEquals(one, values(c, threads(3, type, winograd)), type + ", three threads");
            }
        }
    }

    /** A slice's rows of the image and of the output, and its pads, are those that the whole image has there. */
    @ParameterizedTest
    @MethodSource("oneDnn")
    void slicesTogetherAreTheWhole(Case c) {
        Map<String, Array> expected = values(c, new Setup("reference", Map.of(), 1, DataType.FLOAT64, true));
        values(c, threads(2, DataType.FLOAT32, "off")).forEach((name, found) ->
                Closeness.require(c + ": " + name, found, expected.get(name).as(DataType.FLOAT32), 1e-4));
    }

    // --- callers ----------------------------------------------------------------------------------------------------

    private static List<Node> net() {
        return List.of(Node.source("data", new MemoryData(1, Array.filled(Spec.of(DataType.FLOAT32, 1, 1, 28, 28), 0)), "data"),
                Node.of("conv1", new org.mocha4j.layers.Convolution(20, Window.of(5)), "data", "conv1"),
                Node.of("pool1", new org.mocha4j.layers.Pooling(Window.of(2, 2)), "conv1", "pool1"),
                Node.of("conv2", new org.mocha4j.layers.Convolution(50, Window.of(5)), "pool1", "conv2"),
                Node.of("norm", new org.mocha4j.layers.LRN(), "conv2", "norm"),
                Node.of("ip1", new org.mocha4j.layers.InnerProduct(100), "norm", "ip1"),
                Node.of("ip2", new org.mocha4j.layers.InnerProduct(10), "ip1", "ip2"));
    }

    private static List<Array> infer(Net net, List<Array> images) {
        List<Array> all = new ArrayList<>();
        try (Execution e = net.inference(Map.of("data", images.get(0).shape()), List.of("ip2"))) {
            for (Array x : images) {
                e.set("data", x);
                e.run(0);
                all.add(e.read("ip2").toArray());
            }
        }
        return all;
    }

    /** Whoever comes when others work gets fewer threads of the pool, or none. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void eightCallersGetBitForBitWhatEachGetsAlone(int n) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (Session s = threads(n, DataType.FLOAT32, "on").open();
                Net net = s.net("n", Phase.TEST, net())) {
            List<List<Array>> images = new ArrayList<>();
            List<List<Array>> alone = new ArrayList<>();
            List<Callable<List<Array>>> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                List<Array> own = new ArrayList<>();
                for (int k = 0; k < 12; k++) {
                    own.add(between(0, 1, 100 * i + k, i % 2 == 0 ? 1 : 16, 1, 28, 28).as(DataType.FLOAT32));
                }
                images.add(own);
                alone.add(infer(net, own));
                jobs.add(() -> infer(net, own));
            }
            List<Future<List<Array>>> together = callers.invokeAll(jobs);
            for (int i = 0; i < 8; i++) {
                assertEquals(alone.get(i), together.get(i).get(), "caller " + i);
            }
        } finally {
            callers.shutdownNow();
        }
    }
}

package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.LRN;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;
import org.mocha4j.testkit.Closeness;

/** The native backend's plan files, and trainings that have the same bits whatever the number of threads. */
class NativePlansTest {
    /** What a training leaves: its parameters, and the kernels that it ran. */
    record Trained(Map<String, Array> parameters, List<String> kernels) {
    }

    @TempDir
    Path temp;

    @BeforeAll
    static void requireNative() {
        Availability a = Backends.nativeLibrary();
        assumeTrue(a.usable(), a.detail());
    }

    private static Array images(int n, int channels, int size) {
        RandomStream random = new RandomStream(3, "images");
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, channels, size, size));
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, (float) random.uniform() - 0.5f);
        }
        return t.toArray();
    }

    private static Array labels(int n) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT32, n, 1));
        for (int i = 0; i < n; i++) {
            t.set(i, i % 10);
        }
        return t.toArray();
    }

    private static Node data(int n, int channels, int size) {
        return Node.source("data", new MemoryData(n, images(n, channels, size), labels(n)), "data", "label");
    }

    private static List<Node> leNet(int batch) {
        return List.of(data(batch, 1, 28),
                Node.of("conv1", new Convolution(20, Window.of(5)), "data"),
                Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1"),
                Node.of("conv2", new Convolution(50, Window.of(5)), "pool1"),
                Node.of("pool2", new Pooling(Window.of(2, 2)), "conv2"),
                Node.of("ip1", new InnerProduct(500), "pool2").with(new ReLU()),
                Node.of("ip2", new InnerProduct(10), "ip1"),
                Node.sink("loss", new SoftmaxLoss(), "ip2", "label"));
    }

    /** All that LeNet has not: channels, pads, strides, local response normalisation, means, long sums of products. */
    private static List<Node> other(int batch) {
        return List.of(data(batch, 3, 64),
                Node.of("conv1", new Convolution(24, Window.of(5, 2, 2)), "data").with(new ReLU()),
                Node.of("norm1", new LRN(), "conv1"),
                Node.of("conv2", new Convolution(33, Window.of(3, 1, 1)), "norm1").with(new ReLU()),
                Node.of("pool2", new Pooling(Window.of(3, 2), Kind.MEAN), "conv2"),
                Node.of("ip", new InnerProduct(10), "pool2"),
                Node.sink("loss", new SoftmaxLoss(), "ip", "label"),
                Node.of("long", new InnerProduct(10), "data"),
                Node.sink("loss2", new SoftmaxLoss(), "long", "label"));
    }

    private static Trained train(String backend, DeviceOptions options, List<Node> nodes, int steps) {
        MemoryData source = (MemoryData) nodes.get(0).layer();
        SessionOptions how = SessionOptions.of(backend).device(options).seed(7);
        try (Session s = Session.open(Backends.catalog(), how); Net net = s.net("net", Phase.TRAIN, nodes);
             Training t = net.training(new TrainingOptions(new SGD(0.9), 5e-4, Policy.of(0.01), List.of(), 1))) {
            List<List<HostTensor>> batch = List.of(source.data().stream()
                    .map(a -> SmallNet.tensor(a, DataType.FLOAT32)).toList());
            for (int i = 0; i < steps; i++) {
                t.accumulate(batch, i, 0);
                t.apply(i);
            }
            Map<String, Array> all = new LinkedHashMap<>();
            net.parameters().names().forEach(n -> all.put(n, net.parameters().read(n)));
            return new Trained(all, t.explain().values().stream().flatMap(List::stream).map(StepInfo::kernel).toList());
        }
    }

    private static Map<String, Array> bits(int threads, String winograd, List<Node> nodes, int steps) {
        return train("native", new DeviceOptions(threads, false, Map.of("winograd", winograd)), nodes, steps).parameters();
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void trainingHasTheSameBitsWhateverTheNumberOfThreads(String winograd) {
        Map<String, Array> one = bits(1, winograd, leNet(64), 20);
        assertEquals(8, one.size());
        assertEquals(one, bits(2, winograd, leNet(64), 20), "LeNet with two threads");
        assertEquals(one, bits(3, winograd, leNet(64), 20), "LeNet with three threads");
        Map<String, Array> other = bits(1, winograd, other(12), 3);
        assertEquals(other, bits(2, winograd, other(12), 3), "two threads");
        assertEquals(other, bits(3, winograd, other(12), 3), "three threads");
        Map<String, Array> odd = bits(1, winograd, other(17), 2);
        assertEquals(odd, bits(3, winograd, other(17), 2), "a batch whose slices differ");
    }

    @Test
    void resultsAreThoseOfTheReference() {
        Map<String, Array> expected = train("reference", DeviceOptions.DEFAULT, leNet(6), 3).parameters();
        for (String winograd : List.of("on", "off")) {
            close("winograd " + winograd, bits(3, winograd, leNet(6), 3), expected);
        }
    }

    private static void close(String what, Map<String, Array> found, Map<String, Array> expected) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((n, e) -> Closeness.require(what + ": " + n, found.get(n), e, 1e-3));
    }

    @Test
    void everyWayTrainsAsTheReferenceDoes() throws IOException {
        Path file = temp.resolve("plans.txt");
        Map<String, Array> expected = train("reference", DeviceOptions.DEFAULT, leNet(6), 3).parameters();
        close("tuned", train("native", new DeviceOptions(2, false, Map.of("tune", file.toString())), leNet(6), 3)
                .parameters(), expected);
        List<String> tuned = Files.readAllLines(file);
        assertEquals(8, tuned.size(), "forward and gradients of the parameters of two convolutions, one gradient of data: "
                + tuned);
        for (String way : List.of("winograd", "onednn", "columns")) {
            Files.write(file, tuned.stream().map(l -> l.contains(way + " ") ? l.replaceAll(": \\w+ \\(", ": " + way + " (")
                    : l).toList());
            Trained t = train("native", new DeviceOptions(2, false, Map.of("plans", file.toString())), leNet(6), 3);
            close(way, t.parameters(), expected);
            String kernel = Map.of("winograd", "winograd ", "onednn", "oneDNN ", "columns", "columns+gemm ").get(way);
            List<String> convolutions = t.kernels().stream().filter(k -> k.contains("(tuned: ")).toList();
            assertEquals(5, convolutions.size(), convolutions::toString);
            assertEquals(way.equals("columns") ? 3 : 5, convolutions.stream().filter(k -> k.startsWith(kernel)).count(),
                    convolutions::toString);
        }
    }

    @Test
    void aPlanFileGivesTheSamePlansAndBitsAsTheRunThatWroteIt() {
        Path file = temp.resolve("plans.txt");
        Trained tuned = train("native", new DeviceOptions(2, false, Map.of("tune", file.toString())), leNet(16), 3);
        Trained again = train("native", new DeviceOptions(2, false, Map.of("plans", file.toString())), leNet(16), 3);
        assertTrue(tuned.kernels().stream().anyMatch(k -> k.contains("(tuned: ")), tuned.kernels()::toString);
        assertEquals(tuned.parameters(), again.parameters());
        assertEquals(tuned.kernels(), again.kernels());
    }
}

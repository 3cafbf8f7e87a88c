package org.mocha4j.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.LRN;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;
import org.mocha4j.testkit.Values;

/**
 * A program that trains for long and opens and closes nets often, and prints how much memory its process has: arguments
 * are the backend, steps and cycles. Each line is what was done, how often, and the resident size in KiB after it, ten of
 * each kind.
 */
final class LongRun {
    private static final int CLASSES = 3;

    private LongRun() {
    }

    public static void main(String[] args) throws IOException {
        steps(args[0], Integer.parseInt(args[1]));
        cycles(args[0], Integer.parseInt(args[2]));
    }

    private static MemoryData data(int batch, int size) {
        return new MemoryData(batch, Values.distinct(1, batch, 1, size, size).as(DataType.FLOAT32),
                Values.whole(CLASSES, 1, batch).as(DataType.FLOAT32));
    }

    private static List<Node> nodes(MemoryData data) {
        return List.of(Node.source("data", data, "data", "label"),
                Node.of("conv", new Convolution(8, Window.of(3)), "data", "conv").with(new ReLU()),
                Node.of("norm", new LRN(), "conv", "norm"),
                Node.of("pool", new Pooling(Window.of(2, 2)), "norm", "pool"),
                Node.of("conv2", new Convolution(9, Window.of(3)), "pool", "conv2").with(new ReLU()),
                Node.of("ip1", new InnerProduct(8), "conv2", "ip1").with(new ReLU()),
                Node.of("drop", new Dropout(0.2), "ip1", "drop"),
                Node.of("ip2", new InnerProduct(CLASSES), "drop", "ip2"),
                new Node("loss", new SoftmaxLoss(), List.of("ip2", "label"), null, null, Phase.TRAIN, null));
    }

    private static Training training(Net net) {
        return net.training(new TrainingOptions(new SGD(0.9), 5e-4, Policy.of(0.001), List.of(), 1));
    }

    private static void steps(String backend, int count) throws IOException {
        Session s = Session.open(Backends.catalog(), SessionOptions.of(backend));
        MemoryData data = data(4, 10);
        try (Net net = s.net("small", Phase.TRAIN, nodes(data)); Training t = training(net)) {
            List<List<HostTensor>> batch = batch(data);
            for (int i = 0; i < count; i++) {
                t.accumulate(batch, i, 0);
                t.apply(i);
                if (t.failed() || !Double.isFinite(t.objective())) {
                    throw new IllegalStateException("step " + i + ": objective " + t.objective());
                }
                if ((i + 1) % Math.max(1, count / 10) == 0) {
                    say("steps", i + 1);
                }
            }
        }
        close(s);
    }

    private static List<List<HostTensor>> batch(MemoryData data) {
        return List.of(data.data().stream().map(a -> SmallNet.tensor(a, DataType.FLOAT32)).toList());
    }

    /** Nets of nine shapes; a device of its own for every tenth. */
    private static void cycles(String backend, int count) throws IOException {
        Session s = Session.open(Backends.catalog(), SessionOptions.of(backend));
        for (int i = 0; i < count; i++) {
            if (i % 10 == 9) {
                close(s);
                s = Session.open(Backends.catalog(), SessionOptions.of(backend));
            }
            MemoryData data = data(2 + i % 3, 9 + i / 3 % 3);
            Array x = data.data().get(0);
            try (Net net = s.net("net " + i, Phase.TRAIN, nodes(data)); Training t = training(net);
                    Net test = s.net("test " + i, Phase.TEST, nodes(data));
                    Execution e = test.inference(Map.of("data", Shape.of(x.shape().dims())), List.of("ip2"))) {
                t.accumulate(batch(data), 0, 0);
                t.apply(0);
                e.set("data", x);
                e.run(0);
                e.read("ip2");
            }
            if ((i + 1) % Math.max(1, count / 10) == 0) {
                say("cycles", i + 1);
            }
        }
        close(s);
    }

    /** A native device refuses to be closed while plans are alive. */
    private static void close(Session s) {
        s.close();
        if (s.liveBytes() != 0) {
            throw new IllegalStateException(s.liveBytes() + " bytes are in use after closing");
        }
    }

    private static void say(String what, int done) throws IOException {
        System.gc();
        String resident = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS:"))
                .findFirst().orElseThrow().replaceAll("[^0-9]", "");
        System.out.println(what + " " + done + " " + resident);
    }
}

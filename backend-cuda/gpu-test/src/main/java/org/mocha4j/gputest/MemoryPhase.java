package org.mocha4j.gputest;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.gputest.Phase.Work;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;
import org.mocha4j.testkit.Values;

/**
 * Opens and closes nets, of sizes that repeat. Libraries keep what they load for a size until the device is closed,
 * so within a device the memory is compared after each size has been seen; after the device is closed, with that
 * before it was opened.
 */
final class MemoryPhase implements Work {
    private static final int SIZES = 5;
    private static final int CLASSES = 10;
    /** What measuring tells apart: libraries and the driver take memory in larger pieces than a net's. */
    private static final long SLACK = 4L << 20;

    @Override
    public void run(Setup setup, Report report) {
        Optional<FreeMemory> memory = setup.device() ? FreeMemory.find() : Optional.empty();
        int nets = setup.of(100, 10);
        long before = memory.map(FreeMemory::free).orElse(0L);
        long settled;
        long after;
        long live;
        Session s = open(setup);
        try {
            IntStream.range(0, SIZES * 3).forEach(i -> train(s, i));
            settled = memory.map(FreeMemory::free).orElse(0L);
            live = s.liveBytes();
            IntStream.range(0, nets).forEach(i -> train(s, i));
            after = memory.map(FreeMemory::free).orElse(0L);
            report.claim(nets + " nets opened, trained and closed: no more in use by the ledger", s.liveBytes()
                    + " bytes, before "
                    + live, s.liveBytes() <= live);
        } finally {
            s.close();
        }
        report.claim("no bytes in use by the ledger after closing the device", s.liveBytes() + " bytes",
                s.liveBytes() == 0);
        for (int i = 0; i < setup.of(10, 2); i++) {
            try (Session other = open(setup)) {
                train(other, i);
            }
        }
        if (memory.isEmpty()) {
            report.skipped("free memory of the device", setup.device() ? "neither NVML nor the driver tells"
                    : "no device");
            return;
        }
        device(report, memory.get(), nets, new long[] {before, settled, after});
    }

    /** @param free before the device was opened; when each size had been seen; after all nets */
    private static void device(Report report, FreeMemory m, int nets, long[] free) {
        long end = m.free();
        report.claim(nets + " nets opened, trained and closed: as much memory of the device is free", text(free[2])
                + ", before "
                + text(free[1]) + ", by " + m.how(), free[2] >= free[1] - SLACK);
        report.claim("as much memory of the device is free after closing it, eleven times", text(end) + ", before "
                + text(free[0]) + ", by " + m.how(), end >= free[0] - SLACK);
    }

    private static String text(long bytes) {
        return String.format(java.util.Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }

    private static Session open(Setup setup) {
        return Session.open(setup.catalog(), SessionOptions.of(setup.backend()));
    }

    private static List<Node> nodes(MemoryData data) {
        return List.of(Node.source("data", data, "data", "label"),
                Node.of("conv", new Convolution(20, Window.of(5)), "data", "conv").with(new ReLU()),
                Node.of("pool", new Pooling(Window.of(2, 2)), "conv", "pool"),
                Node.of("ip1", new InnerProduct(50), "pool", "ip1").with(new ReLU()),
                Node.of("drop", new Dropout(0.2), "ip1", "drop"),
                Node.of("ip2", new InnerProduct(CLASSES), "drop", "ip2"),
                new Node("loss", new SoftmaxLoss(), List.of("ip2", "label"), null, null, Phase.TRAIN, null));
    }

    /** Three steps, so that they are captured and replayed too. */
    private static void train(Session s, int i) {
        int batch = 8 * (1 + i % SIZES);
        Array images = Values.distinct(1, batch, 1, 28, 28).as(DataType.FLOAT32);
        Array labels = Values.whole(CLASSES, 1, batch).as(DataType.FLOAT32);
        List<List<HostTensor>> data = List.of(List.of(tensor(images), tensor(labels)));
        try (Net net = s.net("net " + i, Phase.TRAIN, nodes(new MemoryData(batch, images, labels)));
             Training t = net.training(new TrainingOptions(new SGD(0.9), 5e-4, Policy.of(0.001), List.of(), 1))) {
            for (int step = 0; step < 3; step++) {
                t.accumulate(data, step, 0);
                t.apply(step);
            }
            if (t.failed() || !Double.isFinite(t.objective())) {
                throw new IllegalStateException("net " + i + ": objective " + t.objective());
            }
        }
    }

    private static HostTensor tensor(Array a) {
        HostTensor t = HostTensor.allocate(new Spec(DataType.FLOAT32, a.shape()));
        a.copyTo(t);
        return t;
    }
}

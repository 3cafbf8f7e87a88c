package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.hdf5.HDF5Data;
import org.mocha4j.hdf5.HDF5Output;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Execution.Measured;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.Feed;
import org.mocha4j.runtime.train.TrainingRun;
import org.mocha4j.runtime.train.Validation;
import org.mocha4j.transformers.Scale;
import org.mocha4j.transformers.SubMean;

/** Blobs that nets in Java write to HDF5, and what transformers do to data on their way in. */
class SinksTest {
    private static final int SAMPLES = 11;
    @TempDir
    Path dir;

    private static Array ramp(int... dims) {
        Shape s = Shape.of(dims);
        double[] v = new double[(int) s.elements()];
        for (int i = 0; i < v.length; i++) {
            v[i] = i;
        }
        return Array.of(s, v);
    }

    /** Subtracted, doubled, subtracted: 2 (x − i) − channel, where i is the place in the sample. */
    private static final Map<String, List<Transformer>> THREE = Map.of("data", List.of(new SubMean(ramp(2, 3)),
            new Scale(2.0), new SubMean(Array.of(Shape.of(2), 0.0, 1.0))), "label", List.of(new Scale(0.5)));

    private Layer data(String kind) throws Exception {
        Map<String, Array> tensors = Map.of("data", ramp(SAMPLES, 2, 3), "label", ramp(SAMPLES));
        if (kind.equals("memory")) {
            return new MemoryData(4, List.of(tensors.get("data"), tensors.get("label")), null, null, THREE);
        }
        new Hdf5Format().write(dir.resolve("in.h5"), new TensorFile(tensors, Map.of()));
        return new HDF5Data("in.h5", 4, null, null, THREE);
    }

    @ParameterizedTest
    @CsvSource({"memory, FLOAT32", "memory, FLOAT64", "hdf5, FLOAT32", "hdf5, FLOAT64"})
    void transformersAreAppliedInTheirOrderAndEachSampleIsWrittenOnce(String kind, DataType type) throws Exception {
        HDF5Output config = new HDF5Output("out.h5", List.of("x", "total", "y"), null);
        Node out = Node.sink("out", config, "data", "total", "label");
        Layer sum = (g, in) -> List.of(Ops.sumAll(g, in.get(0)));
        try (Session session = Session.open(Small.catalog(), Small.options("cpu").type(type).base(dir));
             Net net = session.net("n", Phase.TEST, List.of(Small.source("in", data(kind), null),
                     Node.of("total", sum, "data", "total"), out))) {
            assertEquals(List.of("out"), net.sinks());
            assertEquals(List.of(), Validation.measure(net));
        }
        TensorFile file = new Hdf5Format().read(dir.resolve("out.h5"));
        Array x = file.tensors().get("x");
        assertEquals(new org.mocha4j.api.Spec(type, Shape.of(SAMPLES, 2, 3)), x.spec());
        for (int i = 0; i < SAMPLES * 6; i++) {
            assertEquals(2 * (i - i % 6) - i / 3 % 2, x.at(i));
        }
        Array y = file.tensors().get("y");
        for (int i = 0; i < SAMPLES; i++) {
            assertEquals(0.5 * i, y.at(i));
        }
        assertEquals(Shape.of(3), file.tensors().get("total").shape());
    }

    /** Does something when it is fed. */
    private record Then(Runnable action) implements Sink {
        @Override
        public Writer open(Context c) {
            return new Writer() {
                @Override
                public void write(List<HostTensor> batch, int valid) {
                    action.run();
                }

                @Override
                public void close() {
                }
            };
        }
    }

    @Test
    void anInterruptedTestKeepsWhatItHasDone() throws Exception {
        AtomicReference<TrainingRun> run = new AtomicReference<>();
        Layer stop = (g, in) -> {
            g.sink(new Then(() -> run.get().interrupt()), in.get(0));
            return List.of();
        };
        Path parameters = dir.resolve("parameters.h5");
        List<Node> nodes = List.of(Small.source("in", data("memory"), null),
                Node.of("ip", new InnerProduct(2), "data", "ip"),
                Node.sink("out", new HDF5Output("out.h5"), "ip"), Node.sink("stop", stop, "label"));
        try (Session session = Session.open(Small.catalog(), Small.options("reference").base(dir));
             Net net = session.net("n", Phase.TEST, nodes)) {
            new Hdf5Format().write(parameters, new TensorFile(Small.all(net.parameters()), Map.of()));
        }
        Small.Lines lines = new Small.Lines();
        run.set(new TrainingRun(Small.catalog(), new TrainingRun.Job("n", nodes, null, null, null),
                new TrainingRun.Options(Small.options("reference").base(dir), dir, null, lines)));
        assertEquals(new TrainingRun.Evaluation(List.of(), 4, true), run.get().evaluate(parameters));
        assertEquals("Fed 4 samples to [out, stop]", lines.lines.get(lines.lines.size() - 1));
        Path out = dir.resolve("out.h5");
        assertEquals(4, new Hdf5Format().read(out).tensors().get("ip").shape().dim(0));
        Files.delete(out);
        assertEquals(new TrainingRun.Evaluation(List.of(), 0, true), run.get().evaluate(parameters));
        assertEquals(false, Files.exists(out));
    }

    @Test
    void subMeanTakesItsMeanFromAnHdf5FileToo() throws Exception {
        new Hdf5Format().write(dir.resolve("mean.h5"), new TensorFile(Map.of("mean", ramp(1, 2, 3)), Map.of()));
        Array mean = new Hdf5Format().read(dir.resolve("mean.h5")).tensors().get("mean");
        assertEquals(ramp(1, 2, 3), new SubMean(mean).mean());
    }

    @Test
    void statisticsCountUntilTheyAreReset() throws Exception {
        try (Session session = Session.open(Small.catalog(), Small.options("reference").base(dir));
             Net net = session.net("n", Phase.TEST, List.of(Small.source("in", Small.memory(8, 4, false), null),
                     Node.of("ip", new InnerProduct(4), "data", "ip"),
                     Node.sink("accuracy", new Accuracy(), "ip", "label")));
             Execution e = net.execution(); Feed feed = new Feed("n", net.data())) {
            List<String> counted = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                if (i == 2) {
                    e.resetStatistics();
                }
                var b = feed.take();
                e.load(b.tensors());
                e.run(i);
                feed.release(b);
                for (Measured m : e.measurements()) {
                    counted.add(m.measurement().text().replaceAll(".*over (\\d+).*", "$1"));
                }
            }
            assertEquals(List.of("4", "8", "4"), counted);
        }
    }

    @Test
    void blobsWithoutSamplesAlongTheirFirstAxisAreRefused() throws Exception {
        Layer flat = (g, in) -> List.of(Ops.reshape(g, in.get(0), Shape.of(24)));
        try (Session session = Session.open(Small.catalog(), Small.options("reference").base(dir));
             Net net = session.net("n", Phase.TEST, List.of(Small.source("in", data("memory"), null),
                     Node.of("flat", flat, "data", "flat"), Node.sink("out", new HDF5Output("out.h5"), "flat")))) {
            assertEquals("layer [out] takes one sample after the other, but [flat] is [24] in batches of 4; give it "
                    + "blobs with samples along axis 0, or single numbers",
                    assertThrows(ConfigurationException.class, net::execution).getMessage());
        }
        assertEquals(false, Files.exists(dir.resolve("out.h5")));
    }

    @Test
    void aBatchThatFailsLeavesThoseBeforeInTheFile() throws Exception {
        Array labels = Array.of(Shape.of(6), 0, 1, 2, 3, 7, 0);
        try (Session session = Session.open(Small.catalog(), Small.options("reference").base(dir));
             Net net = session.net("n", Phase.TEST, List.of(
                     Small.source("in", new MemoryData(2, ramp(6, 3), labels), null),
                     Node.of("ip", new InnerProduct(4), "data", "ip"),
                     Node.sink("loss", new SoftmaxLoss(), "ip", "label"),
                     Node.sink("out", new HDF5Output("out.h5"), "data")))) {
            assertThrows(RuntimeException.class, () -> Validation.measure(net));
        }
        assertEquals(Shape.of(4, 3), new Hdf5Format().read(dir.resolve("out.h5")).tensors().get("data").shape());
    }
}

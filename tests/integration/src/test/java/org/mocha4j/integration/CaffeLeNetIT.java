package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.MnistData;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.Softmax;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Node;

/**
 * A LeNet that Caffe trained, by the steps of docs/importing.md: out of Caffe with the program, into a net with the
 * command; it is right as often as in Caffe, and every blob of a batch is Caffe's.
 */
class CaffeLeNetIT {
    private static final Path SHARED = Distribution.ROOT.resolve("../shared").normalize();
    private static final Path MODEL = Path.of(System.getProperty("mocha.models", SHARED + "/models"))
        .resolve("lenet-caffe");
    private static final Path MNIST = Path.of(System.getProperty("mocha.data", SHARED + "/data")).resolve("mnist");
    private static final Path WEIGHTS = MODEL.resolve("lenet_iter_10000.caffemodel");
    private static final Path PAGE = Distribution.ROOT.resolve("docs/importing.md");
    private static final int BATCH = 64;

    @TempDir static Path temp;
    private static Path exported;

    @BeforeEach void export() throws Exception {
        assumeTrue(Files.isDirectory(MODEL), () -> "no model at " + MODEL
            + "; name its parent with -Dmocha.models=DIR");
        assumeTrue(Files.isDirectory(MNIST), () -> "no MNIST at " + MNIST + "; name its parent with -Dmocha.data=DIR");
        Caffe.buildOrSkip();
        if (exported != null) {
            return;
        }
        exported = temp.resolve("lenet.hdf5");
        Caffe.Run run = Caffe.run("dump_network_hdf5", MODEL.resolve("lenet.prototxt"), WEIGHTS, exported);
        assertEquals("", run.err());
        assertTrue(run.out().startsWith("conv1___filter 20 1 5 5 (500)\nconv1___bias 20 (20)\n"), run.out());
        assertTrue(run.out().endsWith("\n" + exported + ": 8 parameters\n"), run.out());
        assertEquals(0, run.code());
    }

    @Test void asManyDigitsAreRightAsInCaffe() throws Exception {
        Path net = temp.resolve("lenet.yaml");
        Files.writeString(net, Fence.of(PAGE, "yaml").get(0).text());
        DataWriter.write(MnistData.test(MNIST), temp.resolve("data"), "test");
        Path parameters = temp.resolve("lenet-parameters.h5");
        MochaRun imported = MochaRun.of("import", exported.toString(), "--into", net.toString(), "--output",
            parameters.toString());
        assertEquals(0, imported.code(), imported.err());
        assertEquals(Fence.of(PAGE, "text").get(0).text().replace("from lenet.hdf5", "from " + exported) + "Wrote "
            + parameters + "\n", imported.out());
        for (Path from : List.of(parameters, exported)) {
            MochaRun tested = MochaRun.of("test", net.toString(), "--from", from.toString());
            assertTrue(tested.out().endsWith("\nAccuracy (avg over 10000) = 99.1400% on the test data\n"),
                tested.out() + tested.err());
        }
    }

    @Test void everyBlobOfABatchIsCaffes() throws Exception {
        MnistData test = MnistData.test(MNIST);
        float[] pixels = new float[BATCH * 28 * 28];
        float[] one = new float[28 * 28];
        for (int i = 0; i < BATCH; i++) {
            test.pixels(i, one);
            System.arraycopy(one, 0, pixels, i * one.length, one.length);
        }
        Array data = Array.of(Shape.of(BATCH, 1, 28, 28), pixels);
        Map<String, Array> blobs = Caffe.blobs(MODEL.resolve("lenet.prototxt"), WEIGHTS, data, temp);
        assertEquals(List.of("conv1", "conv2", "data", "ip1", "ip2", "pool1", "pool2", "prob"),
            blobs.keySet().stream().sorted().toList());
        CaffeNet net = new CaffeNet(List.of(
            Node.of("conv1", new Convolution(20, Window.of(5)), "data"),
            Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1"),
            Node.of("conv2", new Convolution(50, Window.of(5)), "pool1"),
            Node.of("pool2", new Pooling(Window.of(2, 2)), "conv2"),
            Node.of("ip1", new InnerProduct(500), "pool2").with(new ReLU()),
            Node.of("ip2", new InnerProduct(10), "ip1"),
            Node.of("prob", new Softmax(), "ip2")));
        for (String backend : CaffeNet.backends()) {
            assertEquals(List.of(), net.assertSame(backend, exported, data, blobs).warnings());
        }
    }
}

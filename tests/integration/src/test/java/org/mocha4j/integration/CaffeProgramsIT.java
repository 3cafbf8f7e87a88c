package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Pooling.Divisor;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.hdf5.Hdf5Format;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.Softmax;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.config.Yaml;

/** The two programs against Caffe 1.0: types of layers, generations of files, means, and what is wrong with files. */
class CaffeProgramsIT {
    private static final Path ODD = Caffe.CPP.resolve("odd.prototxt");
    private static final Path V0 = Caffe.CPP.resolve("v0.prototxt");
    private static final Path V1 = Caffe.CPP.resolve("v1.prototxt");
    private static final Path MORE = Caffe.CPP.resolve("more.prototxt");

    @TempDir Path temp;

    @BeforeEach void build() throws Exception {
        Caffe.buildOrSkip();
    }

    private static Array numbers(int... dims) {
        Random random = new Random(3);
        float[] values = new float[(int) Shape.of(dims).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 * random.nextGaussian() + 1);
        }
        return Array.of(Shape.of(dims), values);
    }

    @Test void allTypesThatAreHereComputeAsInCaffe() throws Exception {
        Array data = numbers(4, 6, 9, 9);
        Path model = temp.resolve("odd.caffemodel");
        Map<String, Array> blobs = Caffe.blobs(ODD, "-", data, temp, model);
        Path out = temp.resolve("odd.hdf5");
        Caffe.Run run = Caffe.run("dump_network_hdf5", ODD, model, out);
        assertEquals("layer block/conv1 is written as block_conv1\nlayer free is of type Parameter, whose parameters "
            + "have no names here; they are written as blob0, blob1 and so on\n", run.err());
        assertEquals("""
            block_conv1___filter 8 3 3 2 (144)
            bn1___mean 8 (8)
            bn1___variance 8 (8)
            scale1___scale 8 (8)
            scale1___bias 8 (8)
            bn1___scale 8 (8)
            bn1___shift 8 (8)
            fc___weight 5 240 (1200)
            fc___bias 5 (5)
            prelu___slope 5 (5)
            free___blob0 2 (2)
            %s: 11 parameters
            """.formatted(out), run.out());
        CaffeNet net = new CaffeNet(List.of(
            Node.of("block_conv1", new Convolution(8, new Window(new Size(2, 3), null, new Size(1, 1), null), 2, null,
                null, false), "data", "conv"),
            Node.of("bn1", new BatchNorm(), "conv", "norm").with(new ReLU()),
            Node.of("pool", new Pooling(Window.of(3, 2, 1), Kind.MEAN, Divisor.PADDED, null), "norm"),
            Node.of("fc", new InnerProduct(5), "pool"),
            Node.of("prob", new Softmax(), "fc")));
        blobs.keySet().removeAll(List.of("act", "free"));        // of PReLU and Parameter, which are not here
        for (String backend : CaffeNet.backends()) {
            assertEquals(List.of("free___blob0", "prelu___slope", "scale1___bias", "scale1___scale"),
                net.assertSame(backend, out, data, blobs).ignored());
        }
    }

    @Test void oldNetsAndBothFormatsOfWeightsAreRead() throws Exception {
        Array data = numbers(2, 1, 5, 5);
        Path binary = temp.resolve("v1.caffemodel");
        Path hdf5 = temp.resolve("v1.caffemodel.h5");
        Caffe.blobs(V1, "-", data, temp, binary);
        Caffe.blobs(V1, binary, data, temp, hdf5);
        for (Path weights : List.of(binary, hdf5)) {
            Path out = temp.resolve(weights.getFileName() + ".out");
            Caffe.Run run = Caffe.run("dump_network_hdf5", V1, weights, out);
            assertEquals("conv1___filter 3 1 2 2 (12)\nconv1___bias 3 (3)\nip1___weight 2 48 (96)\n" + out
                + ": 3 parameters\n", run.out());
            assertEquals(weights.equals(hdf5) ? "" : "layer ip2 of " + binary
                + " is not in the net and is left out\n", run.err());
        }
        assertEquals(new Hdf5Format().read(temp.resolve("v1.caffemodel.out")).tensors(),
            new Hdf5Format().read(temp.resolve("v1.caffemodel.h5.out")).tensors());
    }

    /**
     * Generation 0 with a padding layer, a group, and biases of 1 x 1 x 1 x N; 1 with types as numbers; and the last.
     */
    @Test void weightsOfAllThreeGenerationsAreTheSame() throws Exception {
        Array data = numbers(2, 2, 7, 7);
        Path model = temp.resolve("v2.caffemodel");
        Map<String, Array> blobs = Caffe.blobs(V0, "-", data, temp, model);
        CaffeNet net = new CaffeNet(List.of(
            Node.of("conv1", new Convolution(4, Window.of(3, 2, 1), 2, null, null, null), "data").with(new ReLU()),
            Node.of("pool1", new Pooling(Window.of(3, 2)), "conv1"),
            Node.of("ip1", new InnerProduct(3), "pool1"),
            Node.of("prob", new Softmax(), "ip1")));
        for (String generation : List.of("2", "0", "1")) {
            Path weights = generation.equals("2") ? model : temp.resolve("v" + generation + ".caffemodel");
            if (!weights.equals(model)) {
                Caffe.Run made = Caffe.run("caffe_old", generation, model, weights);
                assertEquals(0, made.code(), made.err());
            }
            Path out = temp.resolve(generation + ".hdf5");
            Caffe.Run run = Caffe.run("dump_network_hdf5", V0, weights, out);
            String bias = generation.equals("2") ? "" : "1 1 1 ";
            assertEquals("conv1___filter 4 1 3 3 (36)\nconv1___bias " + bias + "4 (4)\nip1___weight "
                + (bias.isEmpty() ? "" : "1 1 ") + "3 16 (48)\nip1___bias " + bias + "3 (3)\n" + out
                + ": 4 parameters\n", run.out(), run.err());
            assertEquals("", run.err());
            for (String backend : CaffeNet.backends()) {
                assertEquals(List.of(), net.assertSame(backend, out, data, blobs).warnings());
            }
        }
    }

    @Test void deconvolutionBiasAndEmbedAreExportedAsCaffeHasThem() throws Exception {
        Path saved = temp.resolve("more.caffemodel.h5");
        Caffe.blobs(MORE, "-", numbers(2, 4, 3, 3), temp, saved);
        Path out = temp.resolve("more.hdf5");
        Caffe.Run run = Caffe.run("dump_network_hdf5", MORE, saved, out);
        assertEquals("", run.err());
        assertEquals("""
            up___filter 4 3 4 3 (144)
            up___bias 6 (6)
            shift___bias 6 (6)
            words___weight 6 5 (30)
            words___bias 5 (5)
            %s: 5 parameters
            """.formatted(out), run.out());
        Map<String, Array> caffe = new Hdf5Format().read(saved).tensors();
        Map<String, Array> ours = new Hdf5Format().read(out).tensors();
        Map.of("up___filter", "up/0", "up___bias", "up/1", "shift___bias", "shift/0", "words___weight", "words/0",
            "words___bias", "words/1").forEach((n, c) -> assertEquals(caffe.get("data/" + c), ours.get(n), n));
    }

    private void fails(int code, String message, String program, Object... args) throws Exception {
        Caffe.Run run = Caffe.run(program, args);
        assertEquals(message + "\n", run.err());
        assertEquals("", run.out());
        assertEquals(code, run.code());
        assertFalse(Files.exists(temp.resolve("out.hdf5")));
    }

    @Test void badInputEndsWithAMessageAndNothingIsWritten() throws Exception {
        Path out = temp.resolve("out.hdf5");
        Path none = temp.resolve("none");
        Path text = Files.writeString(temp.resolve("text"), "name: \"x\"\n");
        Path mean = Files.write(temp.resolve("mean.binaryproto"), blob(1, 1, 2, 2));
        String usage = "usage: dump_network_hdf5 net.prototxt weights.caffemodel out.hdf5";
        String us = "dump_network_hdf5";
        fails(2, usage, us);
        fails(2, usage, us, ODD, text, out, "more");
        fails(1, us + ": " + none + " cannot be read; expected: the definition of a net, .prototxt", us, none, text,
            out);
        fails(1, us + ": " + none + " cannot be read; expected: the weights, .caffemodel", us, ODD, none, out);
        fails(1, us + ": " + text + " has no layers in phase TEST", us, text, text, out);
        fails(1, us + ": " + text + " is no model of Caffe's: neither .caffemodel nor .caffemodel.h5", us, ODD, text,
            out);
        fails(1, us + ": " + mean + " has no layers with parameters", us, ODD, mean, out);
        Path foreign = temp.resolve("foreign.h5");
        new Hdf5Format().write(foreign, new org.mocha4j.api.Format.TensorFile(Map.of("x", numbers(2)), Map.of()));
        fails(1, us + ": " + foreign + " is HDF5 but no snapshot of Caffe's: it has no group [data]", us, ODD, foreign,
            out);
        Caffe.Run syntax = Caffe.run(us, Caffe.CPP.resolve("caffe_blobs.cpp"), text, out);
        assertTrue(syntax.err().endsWith(" is no definition of a net for Caffe 1.0; the reason stands above\n"),
            syntax.err());
        assertEquals(1, syntax.code());
    }

    @Test void netsWithoutCommonLayersAndFilesThatAreThereAreRefused() throws Exception {
        Path weights = temp.resolve("v1.caffemodel");
        Caffe.blobs(V1, "-", numbers(2, 1, 5, 5), temp, weights);
        Path out = temp.resolve("out.hdf5");
        Caffe.Run run = Caffe.run("dump_network_hdf5", ODD, weights, out);
        assertTrue(run.err().startsWith("layer block/conv1 has no parameters in " + weights + "\n"), run.err());
        assertTrue(run.err().endsWith("layer ip2 of " + weights + " is not in the net and is left out\n"
            + "dump_network_hdf5: the two files have no layer with parameters in common, by name\n"), run.err());
        assertEquals(1, run.code());
        assertFalse(Files.exists(out));
        Files.writeString(out, "mine");
        run = Caffe.run("dump_network_hdf5", V1, weights, out);
        assertEquals("dump_network_hdf5: " + out + " is there already or cannot be written; name a new file\n",
            run.err());
        assertEquals("mine", Files.readString(out));
    }

    @Test void namesThatWouldBecomeOneAreRefused() throws Exception {
        Path net = Files.writeString(temp.resolve("twins.prototxt"), """
            layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 2 } } }
            layer { name: "a/b" type: "InnerProduct" bottom: "data" top: "x" inner_product_param { num_output: 1 } }
            layer { name: "a_b" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: 1 } }
            """);
        Path weights = temp.resolve("twins.caffemodel");
        Caffe.blobs(net, "-", numbers(1, 2), temp, weights);
        Caffe.Run run = Caffe.run("dump_network_hdf5", net, weights, temp.resolve("out.hdf5"));
        assertEquals("layer a/b is written as a_b\ndump_network_hdf5: two layers would be written as a_b___weight; "
            + "rename one in both files\n", run.err());
        assertEquals(1, run.code());
        assertFalse(Files.exists(temp.resolve("out.hdf5")));
    }

    /** Caffe checks with LOG(FATAL), which aborts: that has to be an exit code, too. */
    @Test void whatCaffeItselfRefusesIsAFailureNotACrash() throws Exception {
        Path net = Files.writeString(temp.resolve("both.prototxt"), """
            layer { name: "a" type: "Input" top: "a" include { phase: TEST } exclude { phase: TRAIN } }
            """);
        Caffe.Run run = Caffe.run("dump_network_hdf5", net, net, temp.resolve("out.hdf5"));
        assertTrue(run.err().endsWith("dump_network_hdf5: Caffe refuses this; the reason stands above\n"), run.err());
        assertEquals(1, run.code());
    }

    /** Caffe's BlobProto in its oldest form: fields 1 to 4 are num, channels, height, width; 5 are the numbers. */
    private static byte[] blob(int... dims) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int n = 1;
        for (int i = 0; i < 4; i++) {
            bytes.writeBytes(new byte[] {(byte) (8 * (i + 1)), (byte) dims[i]});
            n *= dims[i];
        }
        bytes.writeBytes(new byte[] {8 * 5 + 2, (byte) (4 * n)});
        ByteBuffer numbers = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n; i++) {
            numbers.putFloat(100 + i / 4f);
        }
        bytes.writeBytes(numbers.array());
        return bytes.toByteArray();
    }

    @Test void aMeanFileIsWhatSubMeanReads() throws Exception {
        Path mean = Files.write(temp.resolve("mean.binaryproto"), blob(1, 3, 2, 2));
        Path out = temp.resolve("mean.hdf5");
        Caffe.Run run = Caffe.run("dump_mean_file", mean, out);
        assertEquals(out + ": mean 1 3 2 2 (12)\n", run.out() + run.err());
        Catalog catalog = Catalog.of(PluginLoader.load(CaffeProgramsIT.class.getClassLoader()));
        Experiment e = Experiment.bind(Yaml.parse("net.yaml", """
            layers:
              - {name: d, type: HDF5Data, source: d.txt, batchSize: 1, tops: [data],
                 transformers: {data: [{type: SubMean, mean: mean.hdf5}]}}
            """), temp, catalog).get();
        assertTrue(e.layers().get(0).toString().contains("SubMean"), e.layers().get(0).toString());
        var data = (org.mocha4j.hdf5.HDF5Data) e.layers().get(0).layer();
        var read = ((org.mocha4j.transformers.SubMean) data.transformers().get("data").get(0)).mean();
        assertEquals(Shape.of(1, 3, 2, 2), read.shape());
        assertEquals(102.75, read.at(11));
        String us = "dump_mean_file";
        fails(2, "usage: dump_mean_file mean.binaryproto out.hdf5", us, mean);
        fails(1, us + ": " + V1 + " is no mean file of Caffe's: it holds no blob", us, V1, temp.resolve("out.hdf5"));
        fails(1, us + ": " + temp.resolve("no") + " cannot be read; expected: a mean file, .binaryproto", us,
            temp.resolve("no"), temp.resolve("out.hdf5"));
        fails(1, us + ": " + out + " is there already or cannot be written; name a new file", us, mean, out);
    }
}

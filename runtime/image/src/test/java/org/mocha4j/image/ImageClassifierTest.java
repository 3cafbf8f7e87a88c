package org.mocha4j.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.MochaException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Log;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.image.ImageClassifier.Input;
import org.mocha4j.image.ImageClassifier.Output;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Softmax;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.Solver;
import org.mocha4j.runtime.train.SolverConfig;
import org.mocha4j.solvers.SGD;
import org.mocha4j.transformers.Scale;
import org.mocha4j.transformers.SubMean;

/** Pictures through nets, in batches, threads and both kinds of output. */
class ImageClassifierTest {
    private static final Shape SAMPLE = Shape.of(3, 8, 8);
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    /** Pictures of one colour with noise, the i-th of class i mod 3. */
    private static List<Picture> pictures(int n, int extent) {
        Random random = new Random(8);
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            float[] pixels = new float[3 * extent * extent];
            for (int k = 0; k < pixels.length; k++) {
                pixels[k] = random.nextInt(100) + (k / (extent * extent) == i % 3 ? 120 : 0);
            }
            pictures.add(Picture.of(3, extent, extent, pixels));
        }
        return pictures;
    }

    private static List<Node> net(int samples) {
        float[] data = new float[samples * 192];
        float[] labels = new float[samples];
        List<Picture> pictures = pictures(samples, 8);
        for (int i = 0; i < data.length; i++) {
            data[i] = pictures.get(i / 192).at(i / 64 % 3, i / 8 % 8, i % 8);
        }
        for (int i = 0; i < samples; i++) {
            labels[i] = i % 3;
        }
        MemoryData memory = new MemoryData(6, List.of(Array.of(Shape.of(samples, 3, 8, 8), data),
            Array.of(Shape.of(samples), labels)), null, null, null);
        return List.of(Node.source("pictures", memory, "data", "label"),
            Node.of("scaled", (g, in) -> List.of(new Scale(0.01).apply(g, in.get(0))), "data"),
            Node.of("conv", new Convolution(4, Window.of(3)), "scaled").with(new ReLU()),
            Node.of("drop", new Dropout(0.5), "conv", "conv"),
            Node.of("score", new InnerProduct(3), "conv"),
            Node.sink("loss", new SoftmaxLoss(), "score", "label").only(Phase.TRAIN),
            Node.sink("accuracy", new Accuracy(), "score", "label").only(Phase.TEST));
    }

    private static Input batch(int n) {
        return new Input(null, null, null, n);
    }

    @Test void aClassifierThatFailsOnTheSecondBatch() {
        List<Picture> pictures = pictures(7, 11);
        try (Session session = Nets.session()) {
            List<Node> nodes = net(12);
            List<Classification> single = new ArrayList<>();
            for (int batch : new int[] {1, 2, 3, 6, 7, 16}) {
                try (ImageClassifier c = ImageClassifier.open(session, "net", nodes, batch(batch), Output.DEFAULT)) {
                    for (int twice = 0; twice < 2; twice++) {
                        List<Classification> found = c.classify(pictures);
                        if (single.isEmpty()) {
                            pictures.forEach(p -> single.add(c.classify(p)));
                        }
                        assertEquals(7, found.size());
                        for (int i = 0; i < 7; i++) {
                            for (int k = 0; k < 3; k++) {
                                assertEquals(single.get(i).probabilities().get(k), found.get(i).probabilities().get(k),
                                    1e-6, "batch " + batch + ", picture " + i);
                            }
                        }
                    }
                    assertEquals(List.of(), c.classify(List.of()));
                }
            }
            assertEquals(1, single.get(0).probabilities().stream().mapToDouble(p -> p).sum(), 1e-12);
            assertTrue(single.stream().distinct().count() == 7, "pictures differ");
        }
    }

    @Test void tenCutsOfSeveralPicturesInBatchesThatCutThroughThem() {
        List<Picture> pictures = pictures(3, 12);
        Preparation ten = Preparation.DEFAULT.tenCrop(true);
        try (Session session = Nets.session()) {
            List<Node> nodes = net(12);
            List<List<Classification>> all = new ArrayList<>();
            for (int batch : new int[] {1, 7, 10, 64}) {
                try (ImageClassifier c = ImageClassifier.open(session, "net", nodes, new Input(null, null, ten, batch),
                         Output.DEFAULT)) {
                    all.add(c.classify(pictures));
                }
            }
            for (List<Classification> one : all) {
                for (int i = 0; i < 3; i++) {
                    assertEquals(all.get(0).get(i).probabilities().get(i), one.get(i).probabilities().get(i), 1e-6);
                }
            }
        }
    }

    /** In one session: the classifier uses the parameters that training changes, and dropout is off. */
    @Test void aTrainedNetNamesWhatItSees() {
        try (Session session = Nets.session()) {
            List<Node> nodes = net(30);
            try (Net train = session.net("train", Phase.TRAIN, nodes);
                 ImageClassifier c = ImageClassifier.open(session, "net", nodes, batch(4),
                     new Output(null, null, COLOURS));
                 Solver solver = new Solver(train, SolverConfig.of(new SGD(0.9), 60, 0.05), List.of())) {
                solver.solve();
                List<Classification> found = c.classify(pictures(9, 20));
                for (int i = 0; i < 9; i++) {
                    assertEquals(COLOURS.get(i % 3), found.get(i).best().name());
                    assertTrue(found.get(i).best().probability() > 0.8, found.get(i).toString());
                    assertEquals(i % 3, found.get(i).best().label());
                }
                assertEquals(2, found.get(0).top(2).size());
                assertEquals(3, found.get(0).top(9).size());
                assertEquals(found.get(0), c.classify(pictures(9, 20).get(0)));
            }
        }
    }

    @Test void manyThreadsAtOnce() throws Exception {
        List<Picture> pictures = pictures(12, 9);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Session session = Nets.session();
             ImageClassifier c = ImageClassifier.open(session, "net", net(12), batch(5), Output.DEFAULT)) {
            List<Classification> expected = c.classify(pictures);
            List<Future<List<Classification>>> found = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int n = i % 12 + 1;
                found.add(threads.submit(() -> c.classify(pictures.subList(0, n))));
            }
            for (Future<List<Classification>> f : found) {
                for (int i = 0; i < f.get().size(); i++) {
                    assertEquals(expected.get(i).probabilities().get(0), f.get().get(i).probabilities().get(0), 1e-6);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test void memoryIsReturned() {
        Session session = Nets.session();
        try (session; ImageClassifier c = ImageClassifier.open(session, "net", net(12), batch(5), Output.DEFAULT)) {
            for (int n = 1; n < 12; n++) {
                c.classify(pictures(n, 8));
            }
            c.close();
            assertEquals(0, session.liveBytes());
        }
    }

    @Test void theTransformersOfTheDataLayerApplyUnlessMeanOrScaleAreGiven() {
        MemoryData memory = new MemoryData(1, List.of(Array.of(Shape.of(1), 0f), Array.of(Shape.of(1, 1, 1, 2), 0f, 0)),
            List.of("classes", "images"), null, Map.of("images", List.of(new SubMean(Array.of(Shape.of(1), 1f)),
            new Scale(10.0)), "classes", List.of(new Scale(2.0))));
        List<Node> nodes = List.of(Node.source("memory", memory, "label", "data"), Nets.flat("flat", "data"));
        Picture p = Picture.of(1, 1, 2, 3, 5);
        try (Session session = Nets.session()) {
            try (ImageClassifier c = ImageClassifier.open(session, "net", nodes,
                     new Input("data", null, null, null), Nets.VALUES)) {
                assertEquals(List.of(20.0, 40.0), c.classify(p).probabilities());
            }
            Input scaled = new Input("data", null, Preparation.DEFAULT.scale(2), null);
            try (ImageClassifier c = ImageClassifier.open(session, "net", nodes, scaled, Nets.VALUES)) {
                assertEquals(List.of(6.0, 10.0), c.classify(p).probabilities());
            }
        }
    }

    @Test void softmaxIsTakenOfScoresAndNotOfProbabilities() {
        Shape sample = Shape.of(1, 1, 2);
        List<Node> soft = List.of(Nets.flat("flat", "data"), Node.of("prob", new Softmax(), "flat"));
        Picture p = Picture.of(1, 1, 2, 1, 2);
        double expected = 1 / (1 + Math.exp(1));
        try (Session session = Nets.session()) {
            for (List<Node> nodes : List.of(Nets.MIRROR, soft)) {
                try (ImageClassifier c = ImageClassifier.open(session, "net", nodes, Nets.input(sample, null),
                         Output.DEFAULT)) {
                    assertEquals(expected, c.classify(p).probabilities().get(0), 1e-6);
                }
            }
            try (ImageClassifier c = ImageClassifier.open(session, "net", soft, Nets.input(sample, null),
                     new Output("flat", null, null))) {
                assertEquals(expected, c.classify(p).probabilities().get(0), 1e-12);
            }
        }
    }

    private static void failed(String message, List<Node> nodes, Input in, Output out) {
        Session session = Nets.session();
        try (session) {
            assertEquals(message, assertThrows(MochaException.class,
                () -> ImageClassifier.open(session, "net", nodes, in, out)).getMessage());
            assertEquals(0, session.liveBytes());
        }
    }

    @Test void netsThatClassifyNoImages() {
        failed("there are 2 labels, but net [net] gives 3 numbers in blob [score]; expected: one label for each",
            net(6), Input.DEFAULT, new Output(null, null, List.of("a", "b")));
        failed("net [net] has no blob [scores] that follows from images alone; there are [data, scaled, conv, score]",
            net(6), Input.DEFAULT, new Output("scores", null, null));
        failed("net [net] has no layer that takes blob [dat] alone in phase test; there are [data, label, scaled, "
            + "conv, score]", net(6), new Input("dat", SAMPLE, null, null), Output.DEFAULT);
        failed("net [net] ends in [a, b]; say which has the scores",
            List.of(Nets.flat("a", "data"), Nets.flat("b", "data")), Nets.input(SAMPLE, null), Output.DEFAULT);
        failed("net [net] has no data layer in phase test; say which blob takes images: one of [x, y]",
            List.of(Nets.flat("a", "x"), Nets.flat("b", "y")), Nets.input(SAMPLE, null), Output.DEFAULT);
        failed("net [net] has no data that say what images blob [data] takes; give the shape of one, channels first",
            Nets.MIRROR, Input.DEFAULT, Output.DEFAULT);
        MemoryData rows = new MemoryData(1, Array.of(Shape.of(2, 5), new float[10]));
        failed("blob [data] of net [net] takes samples of [5]; images need rank 3: [channels, height, width]",
            List.of(Node.source("rows", rows, "data"), Nets.flat("a", "data")), Input.DEFAULT, Output.DEFAULT);
        failed("blob [conv] is [1, 4, 6, 6] for one image; expected: [1, classes], a number for each class", net(6),
            Input.DEFAULT, new Output("conv", null, null));
        assertEquals("batch is 0; expected: at least 1",
            assertThrows(MochaException.class, () -> batch(0)).getMessage());
    }

    @Test void numbersThatAreNotFinite() {
        List<Node> nodes = List.of(Nets.flat("flat", "data"), Node.of("log",
            (g, in) -> List.of(g.op(new Log(), Ops.affine(g, in.get(0), -1, -1))), "flat"));
        try (Session session = Nets.session();
             ImageClassifier c = ImageClassifier.open(session, "net", nodes, Nets.input(SAMPLE, null),
                 Output.DEFAULT)) {
            assertEquals("net [net] gives NaN for class 0 of picture 0 in blob [log]; expected: a finite number. Are"
                + " the parameters those of this net, and the pixels scaled as it was trained?",
                assertThrows(MochaException.class, () -> c.classify(pictures(1, 8))).getMessage());
        }
    }
}

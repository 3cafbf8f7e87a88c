package org.mocha4j.image;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Net.LayerInfo;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Predictor;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.train.ParameterFile;

/**
 * Says what is on pictures, with a net of layers in its TEST phase whose data layer the pictures replace. What needs
 * more than them (labels, losses, accuracies) is left out. Any number of pictures, in batches; a last batch that is
 * smaller is a program of its own. Any number of threads may classify at once.
 *
 * <p>Parameters are those of the nodes, shared with other nets of the session that have them, as for any net: train one
 * with the same nodes, or {@link #load} a file. Mocha's classifier works alike, and fails on its second batch.
 */
public final class ImageClassifier implements AutoCloseable {
    private final Session session;
    private final Net net;
    private final Input input;
    private final Output output;
    private final Shape sample;
    private final Cutter cutter;
    private final Predictor predictor;
    private final boolean softmax;
    private final int classes;

    /**
     * What the net takes.
     *
     * @param blob        that takes images, [N, C, H, W]; null: the first top of the first data layer in phase TEST, or
     *                    the only blob that no layer writes
     * @param shape       of one image there, [C, H, W]; null: as the data layer gives it
     * @param preparation of pictures; default {@link Preparation#DEFAULT}
     * @param batch       samples to compute at once; default 16
     */
    public record Input(String blob, Shape shape, Preparation preparation, Integer batch) {
        /** All defaults. */
        public static final Input DEFAULT = new Input(null, null, null, null);

        public Input {
            preparation = or(preparation, Preparation.DEFAULT);
            batch = or(batch, 16);
            positive("batch", batch);
        }
    }

    /**
     * What the net gives.
     *
     * @param blob    with a number for each class, [N, classes]; null: the one that no layer takes
     * @param softmax whether the numbers are scores, of which softmax makes probabilities; null: unless a layer of type
     *                Softmax gives them
     * @param labels  the names of the classes in their order; null: their numbers
     */
    public record Output(String blob, Boolean softmax, List<String> labels) {
        /** All defaults. */
        public static final Output DEFAULT = new Output(null, null, null);

        public Output {
            labels = labels == null ? null : List.copyOf(labels);
        }
    }

    /**
     * @param nodes of both phases
     * @throws org.mocha4j.api.MochaException if they make no net that classifies images, with what is wrong
     */
    public static ImageClassifier open(Session session, String name, List<Node> nodes, Input in, Output out) {
        return open(session, name, nodes, NetOptions.DEFAULT, in, out);
    }

    /** @param options where the nodes stand, for messages; its shapes are not used */
    public static ImageClassifier open(Session session, String name, List<Node> nodes, NetOptions options, Input in,
                                       Output out) {
        ImageNet part = ImageNet.of(name, nodes, in.blob(), in.preparation().leavesValues());
        Shape sample = part.sample(in.shape(), session);
        Cutter cutter = new Cutter(in.preparation(), sample, part.blob());
        Shape one = Shape.of(1, sample.dim(0), sample.dim(1), sample.dim(2));
        Net net = session.net(name, Phase.TEST, part.nodes(), new NetOptions(options.where(), Map.of(part.fed(), one)));
        try {
            return new ImageClassifier(session, net, part, sample, cutter, in, out);
        } catch (RuntimeException e) {
            net.close();
            throw e;
        }
    }

    private ImageClassifier(Session session, Net net, ImageNet part, Shape sample, Cutter cutter, Input in,
                            Output out) {
        this.session = session;
        this.net = net;
        this.input = new Input(part.fed(), sample, in.preparation(), in.batch());
        this.sample = sample;
        this.cutter = cutter;
        String scores = part.scores(out.blob(), net.layers());
        this.output = new Output(scores, out.softmax(), out.labels());
        LayerInfo last = net.layers().stream().filter(l -> l.node().tops().isEmpty()
            ? l.node().name().equals(scores) : l.node().tops().contains(scores)).reduce((a, b) -> b).orElseThrow();
        Shape given = last.outputs().get(Math.max(0, last.node().tops().indexOf(scores))).shape();
        this.classes = classes(scores, given);
        this.softmax = out.softmax() != null ? out.softmax() : !session.catalog().origin(
            last.node().layer().getClass()).map(t -> t.name().equals("Softmax")).orElse(false);
        if (out.labels() != null && out.labels().size() != classes) {
            throw new ConfigurationException("there are " + out.labels().size() + " labels, but net [" + net.name()
                + "] gives " + classes + " numbers in blob [" + scores + "]; expected: one label for each");
        }
        this.predictor = net.predictor(List.of(scores));
    }

    private static int classes(String blob, Shape s) {
        if (s.rank() < 2 || s.dim(0) != 1 || s.product(2, s.rank()) != 1) {
            throw new ShapeException("blob [" + blob + "] is " + s + " for one image; expected: [1, classes], a number"
                + " for each class");
        }
        return s.dim(1);
    }

    /**
     * Loads parameters from a snapshot, from a folder whose newest is taken, or from any file that a format recognises.
     *
     * @throws ConfigurationException if there is none or it has not the net's parameters
     */
    public void load(Path parameters, Consumer<String> warning) {
        ParameterFile.load(parameters, session.catalog(), net.parameters(), warning);
    }

    /** The shape of one image as the net takes it, [C, H, W]. */
    public Shape sample() {
        return sample;
    }

    /** The number of classes. */
    public int classes() {
        return classes;
    }

    /** The pictures' classifications, in their order. @throws DataException if the net gives something not finite */
    public List<Classification> classify(List<Picture> pictures) {
        double[][] sums = new double[pictures.size()][classes];
        int total = Math.multiplyExact(pictures.size(), cutter.cuts());
        Picture fitted = null;
        int done = -1;
        for (int start = 0; start < total; start += input.batch()) {
            int size = Math.min(input.batch(), total - start);
            HostTensor batch = HostTensor.allocate(new Spec(session.type(), Shape.of(size, sample.dim(0),
                sample.dim(1), sample.dim(2))));
            for (int i = 0; i < size; i++) {
                int picture = (start + i) / cutter.cuts();
                if (picture != done) {
                    fitted = cutter.fit(pictures.get(picture));
                    done = picture;
                }
                cutter.cut(fitted, (start + i) % cutter.cuts(), batch, i);
            }
            run(batch, start, sums);
        }
        return Arrays.stream(sums).map(s -> new Classification(mean(s), output.labels())).toList();
    }

    /** The most probable classes of one picture. */
    public Classification classify(Picture picture) {
        return classify(List.of(picture)).get(0);
    }

    private void run(HostTensor batch, int start, double[][] sums) {
        int size = batch.shape().dim(0);
        predictor.use(Map.of(input.blob(), batch.shape()), e -> {
            e.set(input.blob(), batch);
            e.run(0);
            HostTensor scores = e.read(output.blob());
            for (int i = 0; i < size; i++) {
                int picture = (start + i) / cutter.cuts();
                add(Probabilities.of(scores, i, classes, softmax), sums[picture], picture);
            }
            return null;
        });
    }

    private void add(double[] p, double[] sum, int picture) {
        for (int k = 0; k < classes; k++) {
            if (!Double.isFinite(p[k])) {
                throw new DataException("net [" + net.name() + "] gives " + p[k] + " for class " + k + " of picture "
                    + picture + " in blob [" + output.blob() + "]; expected: a finite number. Are the parameters those"
                    + " of this net, and the pixels scaled as it was trained?");
            }
            sum[k] += p[k];
        }
    }

    private List<Double> mean(double[] sum) {
        List<Double> mean = new ArrayList<>();
        for (double s : sum) {
            mean.add(s / cutter.cuts());
        }
        return mean;
    }

    /** Closes the net; the parameters stay with other nets that have the nodes. */
    @Override public void close() {
        net.close();
    }
}

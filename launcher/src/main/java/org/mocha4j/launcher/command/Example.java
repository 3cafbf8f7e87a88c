package org.mocha4j.launcher.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/**
 * A net that the command brings along. Its data layers are called train-data and test-data, where it takes data.
 *
 * @param title one line
 */
record Example(String name, String title, Data data) {
    /** Updates on drawn digits, unless something else is asked for: enough for them, and over in a minute or two. */
    static final int DRAWN_ITERATIONS = 1000;
    private static final int BATCH = 100;
    static final List<Example> ALL = List.of(
        new Example("mnist", "LeNet, the convolutional net of the tutorial", Data.DIGITS),
        new Example("mnist-logistic", "multinomial logistic regression on the pixels, for comparison", Data.DIGITS),
        new Example("mnist-dropout", "fully connected layers with dropout", Data.DIGITS),
        new Example("mnist-two-heads", "one body that names digits and paints them, losses weighted", Data.DIGITS),
        new Example("mnist-autoencoder-1", "a denoising auto-encoder: its first layer", Data.DIGITS),
        new Example("mnist-autoencoder-2", "its second layer, on the output of the first", Data.DIGITS),
        new Example("mnist-autoencoder-3", "a classifier that starts with both", Data.DIGITS),
        new Example("regression", "a curve through noisy points, which are in its file", Data.OWN),
        new Example("cifar10", "the tutorial's \"full\" net on CIFAR-10, which it needs", Data.CIFAR10));

    /** What an example takes. */
    enum Data {
        /** Images of digits, which the program can draw if there are none. */
        DIGITS,
        /** CIFAR-10's images and their mean. */
        CIFAR10,
        /** Nothing, its data are in its file. */
        OWN
    }

    boolean ofDigits() {
        return data == Data.DIGITS;
    }

    /** The shapes of its data, for commands that look at the net only; batches are as large as its file says. */
    Map<String, Shape> shapes() {
        return switch (data) {
            case DIGITS -> Map.of("data", Shape.of(BATCH, 1, 28, 28), "label", Shape.of(BATCH));
            case CIFAR10 -> Map.of("data", Shape.of(BATCH, 3, 32, 32), "label", Shape.of(BATCH));
            case OWN -> Map.of();
        };
    }

    /** The settings that name the mean image of the data, where there is one. */
    List<String> means() {
        return data == Data.CIFAR10 ? List.of("layers.train-data.transformers.data.0.mean",
            "layers.test-data.transformers.data.0.mean") : List.of();
    }

    /** By what its data are the pixels 0..255 multiplied. */
    double pixelScale() {
        return ofDigits() ? 1 / 256.0 : 1;
    }

    /** The names of the classes of its data. */
    List<String> classes() {
        return switch (data) {
            case DIGITS -> List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
            case CIFAR10 -> List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
                "truck");
            case OWN -> List.of();
        };
    }

    /** What takes the place of files while only the net is looked at, as values for {@code --set}. */
    List<String> standIns() {
        return means().stream().map(m -> m + "=[" + "0, ".repeat(3 * 32 * 32 - 1) + "0]").toList();
    }

    static Optional<Example> named(String name) {
        return ALL.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    static String names() {
        return ALL.stream().map(Example::name).collect(Collectors.joining(", "));
    }

    Tree tree() {
        try (InputStream in = Example.class.getResourceAsStream("/META-INF/examples/" + name + ".yaml")) {
            return Yaml.parse(name + ".yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

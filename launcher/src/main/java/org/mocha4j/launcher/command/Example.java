package org.mocha4j.launcher.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/**
 * A net that the command brings along. Its data layers are called train-data and test-data.
 *
 * @param title  one line
 * @param shapes of its data, for commands that look at the net only
 * @param means  the settings that name the mean image of the data; none where digits are the data
 */
record Example(String name, String title, Map<Phase, Map<String, Shape>> shapes, List<String> means) {
    /** Updates on drawn digits, unless something else is asked for: enough for them, and over in a minute or two. */
    static final int DRAWN_ITERATIONS = 1000;
    private static final Map<Phase, Map<String, Shape>> DIGITS = Map.of(Phase.TRAIN, images(64, 1, 28),
        Phase.TEST, images(100, 1, 28));
    static final List<Example> ALL = List.of(
        new Example("mnist", "LeNet, the convolutional net of the tutorial", DIGITS, List.of()),
        new Example("mnist-logistic", "multinomial logistic regression on the pixels, for comparison", DIGITS,
            List.of()),
        new Example("cifar10", "the tutorial's \"full\" net on CIFAR-10, which it needs",
            Map.of(Phase.TRAIN, images(100, 3, 32), Phase.TEST, images(100, 3, 32)),
            List.of("layers.train-data.transformers.data.0.mean", "layers.test-data.transformers.data.0.mean")));

    private static Map<String, Shape> images(int batch, int channels, int extent) {
        return Map.of("data", Shape.of(batch, channels, extent, extent), "label", Shape.of(batch));
    }

    /** Whether its data are images of digits, which the program can draw if there are none. */
    boolean ofDigits() {
        return means.isEmpty();
    }

    /** By what its data are the pixels 0..255 multiplied. */
    double pixelScale() {
        return ofDigits() ? 1 / 256.0 : 1;
    }

    /** The names of its classes. */
    List<String> classes() {
        return ofDigits() ? List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
            : List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    }

    /** What takes the place of files while only the net is looked at, as values for {@code --set}. */
    List<String> standIns() {
        return means.stream().map(m -> m + "=[" + "0, ".repeat(3 * 32 * 32 - 1) + "0]").toList();
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

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
 * A net that the command brings along, on images of digits. Its data layers are called train-data and test-data.
 *
 * @param title  one line
 * @param shapes of its data, for commands that look at the net only
 */
record Example(String name, String title, Map<Phase, Map<String, Shape>> shapes) {
    /** Updates on drawn digits, unless something else is asked for: enough for them, and over in a minute or two. */
    static final int DRAWN_ITERATIONS = 1000;
    private static final Map<Phase, Map<String, Shape>> DIGITS = Map.of(
        Phase.TRAIN, digits(64), Phase.TEST, digits(100));
    static final List<Example> ALL = List.of(
        new Example("mnist", "LeNet, the convolutional net of the tutorial", DIGITS),
        new Example("mnist-logistic", "multinomial logistic regression on the pixels, for comparison", DIGITS));

    private static Map<String, Shape> digits(int batch) {
        return Map.of("data", Shape.of(batch, 1, 28, 28), "label", Shape.of(batch));
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

package org.mocha4j.image;

import java.util.List;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** Sessions, and a net whose numbers are its input, so that they show what it was given. */
final class Nets {
    private static final Layer FLAT = (g, in) -> {
        Shape s = in.get(0).shape();
        return List.of(Ops.reshape(g, in.get(0), Shape.of(s.dim(0), (int) s.product(1, s.rank()))));
    };
    static final List<Node> MIRROR = List.of(Node.of("flat", FLAT, "data"));
    static final ImageClassifier.Output VALUES = new ImageClassifier.Output(null, false, null);

    private Nets() { }

    static Session session() {
        return Session.open(Catalog.of(PluginLoader.load(Nets.class.getClassLoader())), SessionOptions.of("cpu"));
    }

    static ImageClassifier.Input input(Shape sample, Preparation p) {
        return new ImageClassifier.Input(null, sample, p, 4);
    }

    /** What a net is given for a picture; of several cuts the mean. */
    static List<Double> given(Shape sample, Preparation how, Picture picture) {
        try (Session session = session();
             ImageClassifier c = ImageClassifier.open(session, "mirror", MIRROR, input(sample, how), VALUES)) {
            return c.classify(picture).probabilities();
        }
    }

    static Node flat(String name, String bottom) {
        return Node.of(name, FLAT, bottom);
    }

    static Node flat(String name, String bottom, Phase phase) {
        return flat(name, bottom).only(phase);
    }
}

package org.mocha4j.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.config.NodeConfig;

/** The shapes that go into the example of a layer, and those that come out when the layer is built. */
final class Shapes {
    private static final Pattern BLOB = Pattern.compile("([\\w.-]+) \\[([\\d, ]*)\\]");

    private Shapes() {
    }

    /** {@code data [64, 1, 28, 28]}, several with commas between. */
    static Map<String, Shape> parse(String tag) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Matcher m = BLOB.matcher(tag);
        while (m.find()) {
            shapes.put(m.group(1), m.group(2).isBlank() ? Shape.of() : Shape.of(Pattern.compile(",").splitAsStream(
                m.group(2)).mapToInt(n -> Integer.parseInt(n.strip())).toArray()));
        }
        return shapes;
    }

    /** A blob of zeros. */
    record Inlet(Shape shape) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return List.of(g.constant(Array.filled(new Spec(g.type(), shape), 0)));
        }
    }

    /** What becomes of the blobs, in words. */
    static String text(NodeConfig example, Map<String, Shape> in, Catalog catalog) {
        List<Node> nodes = new ArrayList<>();
        in.forEach((blob, shape) -> nodes.add(Node.source("in-" + blob, new Inlet(shape), blob)));
        Node node = example.node();
        nodes.add(node);
        try (Session s = Session.open(catalog, SessionOptions.of("reference"));
             Net net = s.net("reference", node.phase() == null ? Phase.TRAIN : node.phase(), nodes)) {
            List<Spec> out = net.layers().stream().filter(l -> l.node() == node).findFirst().orElseThrow().outputs();
            List<String> tops = node.tops().isEmpty() && out.size() == 1 ? List.of(node.name()) : node.tops();
            List<String> parameters = net.parameters().names().stream()
                .map(n -> "`" + n + "` " + net.parameters().spec(n).shape()).toList();
            return (in.isEmpty() ? "Gives " : in.entrySet().stream().map(e -> "`" + e.getKey() + "` " + e.getValue())
                .collect(Collectors.joining(", ")) + " → ")
                + (out.isEmpty() ? "no tops" : IntStream.range(0, out.size())
                    .mapToObj(i -> "`" + tops.get(i) + "` " + out.get(i).shape()).collect(Collectors.joining(", ")))
                + (parameters.isEmpty() ? "" : "; keeps " + String.join(", ", parameters)) + ".";
        }
    }
}

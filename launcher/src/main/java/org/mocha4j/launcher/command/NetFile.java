package org.mocha4j.launcher.command;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.NetOptions;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.config.Bound;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.config.Overrides;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/**
 * A net as named on the command line: an example or a file.
 *
 * @param shown   its name for people
 * @param example null for a file
 * @param base    the folder that relative paths in it start from
 * @param layers  how many it writes; −1 if they are no list
 */
record NetFile(String shown, Example example, Path base, int layers, Bound<Experiment> bound) {
    private static final RecordComponent[] NONE = {};

    /** Reads and binds; what is wrong within is in {@link #bound()}. */
    static NetFile read(String net, List<String> overrides, Catalog catalog) {
        Example example = Example.named(net).orElse(null);
        Path base = Path.of("").toAbsolutePath();
        Tree tree;
        if (example != null) {
            tree = example.tree();
        } else {
            Path file = Path.of(net);
            if (Files.notExists(file)) {
                throw new ConfigurationException(net + " does not exist; expected: a file such as net.yaml, or an "
                    + "example: "
                    + Example.names());
            }
            tree = Yaml.read(file);
            base = Experiment.folder(file);
        }
        if (example != null) {
            tree = Overrides.apply(tree, example.standIns());
        }
        tree = Overrides.apply(tree, overrides);
        int layers = tree instanceof Tree.Mapping m && m.fields().get("layers") instanceof Tree.Sequence s
            ? s.items().size() : -1;
        return new NetFile(net, example, base, layers, Experiment.bind(tree, base, catalog));
    }

    /** @throws ConfigurationException with everything that is wrong */
    Experiment experiment() {
        return bound.get();
    }

    /** The name in the file, else that of the file. */
    String name() {
        return experiment().name().isEmpty() ? shown : experiment().name();
    }

    List<Node> nodes() {
        return bound.value().nodes(bound.positions());
    }

    String where(Node node) {
        return bound.positions().of(node).map(Object::toString).orElse(null);
    }

    /** How to build with data from files. */
    NetOptions options() {
        return new NetOptions(this::where, Map.of());
    }

    /**
     * How to build one phase with shapes in place of data: those given, else those of an example, else the files.
     *
     * @throws ConfigurationException for a shape of no blob, or only some tops of a data layer
     */
    NetOptions options(Phase phase, List<Node> nodes, Map<String, Shape> given) {
        Map<String, Shape> shapes = given.isEmpty() && example != null ? example.shapes() : given;
        check(nodes, shapes);
        Map<String, Shape> here = new HashMap<>(shapes);
        if (given.isEmpty() && example != null) {
            nodes.stream().filter(n -> n.in(phase)).forEach(n -> batchSize(n).ifPresent(b -> n.tops().forEach(
                t -> here.computeIfPresent(t, (name, s) -> s.with(0, b)))));
        }
        here.keySet().retainAll(blobs(nodes.stream().filter(n -> n.in(phase)).toList()));
        return new NetOptions(this::where, here);
    }

    /** The batch size that a data layer is configured with. */
    private static Optional<Integer> batchSize(Node n) {
        for (RecordComponent c : n.layer() instanceof Record r ? r.getClass().getRecordComponents() : NONE) {
            if (c.getName().equals("batchSize") && c.getType() == int.class) {
                try {
                    return Optional.of((Integer) c.getAccessor().invoke(n.layer()));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return Optional.empty();
    }

    private static Set<String> blobs(List<Node> nodes) {
        Set<String> blobs = new TreeSet<>();
        nodes.forEach(n -> {
            blobs.addAll(n.bottoms());
            blobs.addAll(n.tops());
        });
        return blobs;
    }

    private static void check(List<Node> nodes, Map<String, Shape> shapes) {
        Set<String> blobs = blobs(nodes);
        Set<String> wrong = new LinkedHashSet<>();
        shapes.keySet().stream().filter(b -> !blobs.contains(b))
            .forEach(b -> wrong.add("--shape " + b + ": the net has no blob of that name; it has " + blobs));
        for (Node n : nodes) {
            List<String> missing = new ArrayList<>(n.tops());
            missing.removeAll(shapes.keySet());
            if (n.bottoms().isEmpty() && missing.size() < n.tops().size() && !missing.isEmpty()) {
                wrong.add("--shape: layer [" + n.name() + "] also gives " + missing + "; give " + missing.get(0)
                    + "=… too");
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(String.join("\n", wrong));
        }
    }
}

package org.mocha4j.runtime.config;

import java.nio.file.Path;
import java.util.List;
import org.mocha4j.api.Checks;
import org.mocha4j.api.DataType;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.SolverConfig;

/**
 * A whole file: a net, how it is trained, what happens meanwhile.
 *
 * @param name   default: none, the empty text
 * @param layers in the order written
 * @param solver null for a net that is not trained
 * @param breaks default none
 * @param type   float32 or float64; default float32
 * @param seed   of all randomness; null leaves it to the caller
 */
public record Experiment(String name, List<NodeConfig> layers, SolverConfig solver, List<BreakConfig> breaks,
                         DataType type, Long seed) {
    public Experiment {
        name = Checks.or(name, "");
        Checks.require(layers != null, "layers", null, "a list of layers");
        layers = List.copyOf(layers);
        breaks = breaks == null ? List.of() : List.copyOf(breaks);
        type = Checks.or(type, DataType.FLOAT32);
        Checks.require(type.isFloat(), "type", Scalars.written(type), "float32 or float64");
    }

    /**
     * Reads a YAML or JSON file. Relative files in it start from its folder.
     *
     * @param overrides of the form {@code path=value}, see {@link Overrides}
     * @throws org.mocha4j.api.ConfigurationException if the file cannot be read or an override has no place; what is
     *         wrong within is in the result
     */
    public static Bound<Experiment> read(Path file, List<String> overrides, Catalog catalog) {
        return bind(Overrides.apply(Yaml.read(file), overrides), folder(file), catalog);
    }

    /** Binds what was read from elsewhere. */
    public static Bound<Experiment> bind(Tree tree, Path base, Catalog catalog) {
        return new Binder(catalog, base).bind(Experiment.class, tree);
    }

    /** The folder that relative paths in a file start from. */
    public static Path folder(Path file) {
        return file.toAbsolutePath().getParent();
    }

    /**
     * New nodes, which own their parameters: ask once and use them for the training net and the test net.
     *
     * @param positions gets to know where each node stands
     */
    public List<Node> nodes(Positions positions) {
        return layers.stream().map(config -> {
            Node node = config.node();
            positions.same(config, node);
            return node;
        }).toList();
    }
}

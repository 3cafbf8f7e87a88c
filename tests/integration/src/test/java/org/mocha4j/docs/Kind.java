package org.mocha4j.docs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.mocha4j.api.Constraint;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Regularizer;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.config.Binder;
import org.mocha4j.runtime.config.NodeConfig;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.CoffeeBreak;
import org.mocha4j.runtime.train.SolverConfig;

/** A role of configuration records: where its pages are, and where its examples stand in a net's file. */
enum Kind {
    LAYER(Layer.class, "Layers", "layers:\n  - %s\n", NodeConfig.class),
    NEURON(Neuron.class, "Neurons", ip("neuron: %s"), null),
    INITIALIZER(Initializer.class, "Initializers", ip("weight: {initializer: %s}"), null),
    REGULARIZER(Regularizer.class, "Regularizers", ip("weight: {regularizer: %s}"), null),
    CONSTRAINT(Constraint.class, "Constraints", ip("weight: {constraint: %s}"), null),
    TRANSFORMER(Transformer.class, "Transformers", "layers:\n  - {name: train-data, type: HDF5Data, "
        + "source: data/train.txt, batchSize: 64, transformers: {data: [%s]}, tops: [data, label]}\n", null),
    SOLVER(UpdateRule.class, "Solvers", "solver: %s\n", SolverConfig.class),
    POLICY(Policy.class, "Policies", "solver: {type: SGD, iterations: 10000, rate: %s}\n", null),
    GRADIENT_RULE(GradientRule.class, "Gradient rules",
        "solver: {type: SGD, iterations: 10000, rate: 0.01, gradients: [%s]}\n", null),
    COFFEE_BREAK(CoffeeBreak.class, "Coffee breaks", "breaks:\n  - %s\n", BreakConfig.class);

    final Class<?> role;
    final String title;
    private final String place;
    /** The record that an example stands for; null: the type itself. */
    private final Class<? extends Record> holder;

    Kind(Class<?> role, String title, String place, Class<? extends Record> holder) {
        this.role = role;
        this.title = title;
        this.place = place;
        this.holder = holder;
    }

    private static String ip(String field) {
        return "layers:\n  - {name: ip1, type: InnerProduct, outputs: 500, " + field
            + ", bottoms: [data], tops: [ip1]}\n";
    }

    /** One of it. */
    String word() {
        return title.toLowerCase(Locale.ROOT).replaceAll("ies$", "y").replaceAll("s$", "");
    }

    /** The folder of its pages. */
    String folder() {
        return title.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** The example where it belongs in a net's file. */
    String inFile(String yaml) {
        return String.format(place, yaml);
    }

    /** What the example of a type binds to; for a layer its node. */
    Record bind(Class<? extends Record> type, String yaml, Path base, Catalog catalog) {
        Tree tree = Yaml.parse(type.getSimpleName() + " @yaml", yaml);
        if (holder == null) {
            Map<String, Tree> fields = new LinkedHashMap<>(tree instanceof Tree.Mapping m ? m.fields() : Map.of());
            fields.remove("type");
            tree = Tree.Mapping.of(tree.at(), fields);
        }
        Class<? extends Record> wanted = holder == null ? type : holder;
        Record bound = new Binder(catalog, base).bind(wanted, tree).get();
        return bound instanceof NodeConfig n ? NodeConfig.of(n.node()) : bound;
    }

    /** What the example in Java makes, in the form of {@link #bind}. */
    static Object comparable(Object made) {
        return made instanceof Node n ? NodeConfig.of(n) : made;
    }

    /** The record of the type itself in what {@link #bind} gives. */
    static Record own(Record bound) {
        Object own = bound instanceof NodeConfig n ? n.layer() : bound instanceof SolverConfig s ? s.rule()
            : bound instanceof BreakConfig b ? b.coffeeBreak() : bound;
        return (Record) own;
    }
}

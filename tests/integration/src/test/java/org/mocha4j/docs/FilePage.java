package org.mocha4j.docs;

import java.util.List;
import org.mocha4j.api.Param;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.config.Binder;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.config.NodeConfig;
import org.mocha4j.runtime.config.Yaml;
import org.mocha4j.runtime.train.BreakConfig;
import org.mocha4j.runtime.train.SolverConfig;

/** The page of what surrounds the types in a net's file. */
final class FilePage {
    private static final String EXAMPLE = """
        name: regression
        layers:
          - {name: points, type: MemoryData, batchSize: 2, data: [[[0], [1], [2], [3]], [0, 0, 1, 1]], tops: [data, \
        label]}
          - {name: ip, type: InnerProduct, outputs: 2, neuron: Identity, bottoms: [data], tops: [ip]}
          - {name: loss, type: SoftmaxLoss, bottoms: [ip, label], phase: train}
        solver: {type: SGD, iterations: 100, rate: 0.1}
        breaks:
          - {type: TrainingSummary, everyIterations: 10}
        seed: 1
        """;

    private FilePage() {
    }

    /** A file, an item of its layers, its solver, an item of its breaks. */
    static List<Record> examples(Catalog catalog) {
        Experiment e = new Binder(catalog, java.nio.file.Path.of("")).bind(Experiment.class,
            Yaml.parse("net-file.md", EXAMPLE)).get();
        return List.of(e, e.layers().get(0), e.solver(), e.breaks().get(0));
    }

    static String text(Catalog catalog) {
        List<Record> parts = examples(catalog);
        StringBuilder out = new StringBuilder("""
            <!-- Generated from the Javadoc of the records by tooling/docs. -->
            # A net's file

            A net, how it is trained, and what happens meanwhile, in YAML or JSON. `mocha validate` reports everything
            that is wrong with one at once. Fields that are not given have their defaults; relative files start from the
            folder of the net's file.

            ```yaml
            """).append(EXAMPLE).append("```\n");
        List<String> titles = List.of("The file", "An item of `layers`", "`solver`", "An item of `breaks`");
        List<String> more = List.of("", "Beside these stand `type`, one of the [layers](README.md#layers), and its own "
            + "fields.", "Beside these stand `type`, one of the [solvers](README.md#solvers), and its own fields.",
            "Beside these stand `type`, one of the [coffee breaks](README.md#coffee-breaks), and its own fields.");
        for (int i = 0; i < parts.size(); i++) {
            out.append("\n## ").append(titles.get(i)).append("\n\n").append(SourceDoc.of(parts.get(i).getClass())
                .description()).append("\n\n").append(more.get(i)).append(more.get(i).isEmpty() ? "" : "\n\n")
                .append(TypePage.table(Field.of(parts.get(i), catalog)));
        }
        for (Class<?> c : List.of(Param.class, Window.class, Size.class)) {
            out.append("\n## ").append(c.getSimpleName()).append("\n\n").append(TypePage.inner(c));
        }
        return out.toString();
    }
}

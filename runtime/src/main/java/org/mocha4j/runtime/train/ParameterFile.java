package org.mocha4j.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Tensors;

/**
 * Parameters from a snapshot or from any file that a format recognises, flat by {@code layer___param}. Shapes are
 * compared without leading and trailing ones; values are converted to the net's type.
 */
public final class ParameterFile {
    private ParameterFile() {
    }

    /**
     * Loads all parameters and states of a net. A bias that is missing keeps what its initializer gave, with a warning;
     * what the net does not have is named in a warning.
     *
     * @throws ConfigurationException if the file is missing, lacks weights or has other shapes; nothing is changed then
     */
    public static void load(Path file, Catalog catalog, Tensors into, Consumer<String> warning) {
        var content = SnapshotFolder.readAny(file, catalog);
        if (Checkpoint.isSnapshot(content)) {
            content = SnapshotFolder.read(file, catalog);
        }
        load(file, Checkpoint.parameters(content), into, warning);
    }

    static void load(Path file, Map<String, Array> from, Tensors into, Consumer<String> warning) {
        List<String> wrong = new ArrayList<>();
        List<String> biases = new ArrayList<>();
        Map<String, Array> fitting = new LinkedHashMap<>();
        for (String name : into.names()) {
            Array found = from.get(name);
            Spec spec = into.spec(name);
            if (found != null && stripped(found.shape()).equals(stripped(spec.shape()))) {
                fitting.put(name, found.reshape(spec.shape()).as(spec.type()));
            } else if (found != null) {
                wrong.add(name + " is " + found.shape() + " there, " + spec.shape() + " in the net");
            } else if (name.endsWith("___bias")) {
                biases.add(name);
            } else {
                wrong.add(name + " " + spec.shape() + " is missing");
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConfigurationException(file + " does not have the parameters of the net:\n  "
                    + String.join("\n  ", wrong) + "\nIt has: " + (from.isEmpty() ? "none" : String.join(", ",
                    from.keySet())));
        }
        fitting.forEach(into::write);
        if (!biases.isEmpty()) {
            warning.accept(file + " has no " + String.join(", ", biases) + "; the initializer's values are used");
        }
        List<String> extra = from.keySet().stream().filter(n -> !into.names().contains(n)).toList();
        if (!extra.isEmpty()) {
            warning.accept(file + " also has " + String.join(", ", extra) + ", which the net has no use for");
        }
    }

    private static Shape stripped(Shape s) {
        int from = 0;
        int to = s.rank();
        while (from < to && s.dim(from) == 1) {
            from++;
        }
        while (to > from && s.dim(to - 1) == 1) {
            to--;
        }
        return Shape.of(IntStream.range(from, to).map(s::dim).toArray());
    }
}

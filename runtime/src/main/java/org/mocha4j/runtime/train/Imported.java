package org.mocha4j.runtime.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Spec;

/**
 * What a net took from a file of parameters.
 *
 * @param file    the snapshot or parameter file
 * @param entries the parameters and states of the net, in its order
 * @param ignored what the file has and the net has no use for
 */
public record Imported(Path file, List<Entry> entries, List<String> ignored) {
    /** Where a value came from. */
    public enum Origin {
        /** The file. */
        FILE,
        /** The parameter's initializer, because the file has no such parameter. */
        INITIALIZER
    }

    /**
     * A parameter or state.
     *
     * @param name {@code layer___param}; nodes that share parameters share the layer's name there
     * @param spec in the net
     */
    public record Entry(String name, Spec spec, Origin origin) {
        public String layer() {
            return Imported.layer(name);
        }

        /** For example {@code filter}. */
        public String parameter() {
            return Imported.parameter(name);
        }
    }

    public Imported {
        entries = List.copyOf(entries);
        ignored = List.copyOf(ignored);
    }

    static String layer(String name) {
        return name.substring(0, Math.max(0, name.indexOf("___")));
    }

    static String parameter(String name) {
        return name.substring(name.indexOf("___") + 3);
    }

    /** The names of what started with its initializer. */
    public List<String> initialized() {
        return entries.stream().filter(e -> e.origin() == Origin.INITIALIZER).map(Entry::name).toList();
    }

    /** What a person should know: defaults taken, things ignored. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>();
        if (!initialized().isEmpty()) {
            all.add(file + " has no " + String.join(", ", initialized()) + "; the initializer's values are used");
        }
        if (!ignored.isEmpty()) {
            all.add(file + " also has " + String.join(", ", ignored) + ", which the net has no use for");
        }
        return all;
    }
}

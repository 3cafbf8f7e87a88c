package org.mocha4j.runtime.config;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.runtime.internal.Suggestion;

/**
 * Values given on the command line over those of a file: {@code solver.rate.base=0.02},
 * {@code layers.conv1.filters=30}, {@code breaks.0.everyIterations=10}. A map's part is addressed by its key, a list's
 * by its {@code name} or its index. The value is YAML, so {@code layers.conv1.kernel=[5, 3]} works. The last part of a
 * path may be new in a map; the others must be there.
 */
public final class Overrides {
    private Overrides() {
    }

    /** The tree with all overrides, in order. */
    public static Tree apply(Tree tree, List<String> overrides) {
        Tree result = tree;
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (equals < 1) {
                throw new ConfigurationException("--set " + override + ": expected: path=value, for example"
                        + " solver.rate.base=0.02");
            }
            String path = override.substring(0, equals);
            Position at = Position.of("--set " + path);
            result = set(result, List.of(path.split("\\.", -1)), "", Yaml.value(at, override.substring(equals + 1)));
        }
        return result;
    }

    private static Tree set(Tree tree, List<String> path, String done, Tree value) {
        if (path.isEmpty()) {
            return value;
        }
        for (int n = 1; n <= path.size(); n++) {  // the shortest that is there: names may have dots
            String key = String.join(".", path.subList(0, n));
            Tree part = part(tree, key);
            if (part != null) {
                String name = done.isEmpty() ? key : done + "." + key;
                return replaced(tree, key, set(part, path.subList(n, path.size()), name, value));
            }
        }
        if (path.size() == 1 && tree instanceof Tree.Mapping m) {
            return m.with(path.get(0), value);
        }
        throw absent(tree, path.get(0), done, value.at());
    }

    private static ConfigurationException absent(Tree tree, String key, String done, Position at) {
        String where = done.isEmpty() ? tree.at().source() : done;
        if (tree instanceof Tree.Scalar) {
            return new ConfigurationException(at + ": " + where + " is " + tree.shown() + " (" + tree.at()
                    + ") and has no parts; expected: the path of a map or list");
        }
        Collection<String> known = tree instanceof Tree.Sequence s ? names(s) : ((Tree.Mapping) tree).fields().keySet();
        return new ConfigurationException(at + ": " + where + " has no [" + key + "]; it has " + known
                + Suggestion.text(key, known));
    }

    private static Tree part(Tree tree, String key) {
        if (tree instanceof Tree.Sequence s) {
            int index = index(s, key);
            return index < 0 ? null : s.items().get(index);
        }
        return tree instanceof Tree.Mapping m ? m.fields().get(key) : null;
    }

    private static Tree replaced(Tree tree, String key, Tree part) {
        return tree instanceof Tree.Sequence s ? s.with(index(s, key), part) : ((Tree.Mapping) tree).with(key, part);
    }

    /** By name, else by number; −1 if there is none. */
    private static int index(Tree.Sequence s, String key) {
        int byName = names(s).indexOf(key);
        if (byName >= 0 || !key.matches("\\d{1,9}")) {
            return byName;
        }
        int index = Integer.parseInt(key);
        return index < s.items().size() ? index : -1;
    }

    /** The items' names; the index of one without. */
    private static List<String> names(Tree.Sequence s) {
        return IntStream.range(0, s.items().size()).mapToObj(i -> s.items().get(i) instanceof Tree.Mapping m
                && m.fields().get("name") instanceof Tree.Scalar name ? name.text() : Integer.toString(i)).toList();
    }
}

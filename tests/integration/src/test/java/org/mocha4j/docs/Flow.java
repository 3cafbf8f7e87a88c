package org.mocha4j.docs;

import java.util.stream.Collectors;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/** Values as files write them, in one line. */
final class Flow {
    private Flow() {
    }

    /** A part of a value: {@code filter.rate} of a map; the value itself for an empty path. */
    static String part(String value, String path) {
        Tree tree = Yaml.parse("default", value);
        for (String key : path.isEmpty() ? new String[0] : path.split("\\.")) {
            Tree next = tree instanceof Tree.Mapping m ? m.fields().get(key) : null;
            if (next == null) {
                throw new AssertionError("[" + value + "] has no part [" + path + "]");
            }
            tree = next;
        }
        return text(tree);
    }

    private static String text(Tree tree) {
        if (tree instanceof Tree.Mapping m) {
            return m.fields().entrySet().stream().map(e -> e.getKey() + ": " + text(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        }
        if (tree instanceof Tree.Sequence s) {
            return s.items().stream().map(Flow::text).collect(Collectors.joining(", ", "[", "]"));
        }
        return ((Tree.Scalar) tree).text();
    }
}

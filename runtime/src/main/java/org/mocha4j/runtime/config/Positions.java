package org.mocha4j.runtime.config;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers where objects are written, by identity, for errors that are found later: shapes, wiring. */
public final class Positions {
    private final Map<Object, Tree> trees = new IdentityHashMap<>();

    void put(Object thing, Tree tree) {
        trees.put(thing, tree);
    }

    /** Lets another object stand where a known one stands. */
    public void same(Object known, Object other) {
        Tree tree = trees.get(known);
        if (tree != null) {
            trees.put(other, tree);
        }
    }

    /** Where the object begins; empty if it was not read from a file. */
    public Optional<Position> of(Object thing) {
        return Optional.ofNullable(trees.get(thing)).map(Tree::at);
    }

    /** Where a field of the object is written; where the object begins if the field is not written. */
    public Optional<Position> of(Object thing, String field) {
        return trees.get(thing) instanceof Tree.Mapping m && m.fields().containsKey(field)
                ? Optional.of(m.fields().get(field).at()) : of(thing);
    }

    /** {@code "net.yaml:12: "}, or nothing if the object was not read from a file. */
    public String prefix(Object thing) {
        return of(thing).map(at -> at + ": ").orElse("");
    }
}

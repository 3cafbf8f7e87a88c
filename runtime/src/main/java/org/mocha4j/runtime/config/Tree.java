package org.mocha4j.runtime.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a file says, before it is known what it means: maps, lists and scalars, each with its place. Immutable. */
public sealed interface Tree {
    Position at();

    /** As messages show it: the scalar as written, else {@code a map}, {@code a list}. */
    String shown();

    /** Whether it is a null, written or left empty. */
    default boolean isNull() {
        return this instanceof Scalar s && s.kind() == Kind.NULL;
    }

    /** What a scalar is by the rules of YAML's core schema. {@code QUOTED} is a text in quotes. */
    enum Kind { NULL, BOOLEAN, NUMBER, TEXT, QUOTED }

    /**
     * @param fields in the order written
     * @param keys   where each key stands
     */
    record Mapping(Position at, Map<String, Tree> fields, Map<String, Position> keys) implements Tree {
        public Mapping {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
            keys = Map.copyOf(keys);
        }

        /** A map of fields whose keys stand where their values do. */
        public static Mapping of(Position at, Map<String, Tree> fields) {
            Map<String, Position> keys = new LinkedHashMap<>();
            fields.forEach((key, value) -> keys.put(key, value.at()));
            return new Mapping(at, fields, keys);
        }

        /** The same with one field replaced or added. */
        Mapping with(String key, Tree value) {
            Map<String, Tree> f = new LinkedHashMap<>(fields);
            Map<String, Position> k = new LinkedHashMap<>(keys);
            f.put(key, value);
            k.put(key, value.at());
            return new Mapping(at, f, k);
        }

        @Override
        public String shown() {
            return "a map";
        }
    }

    /** A list. */
    record Sequence(Position at, List<Tree> items) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        /** The same with one item replaced. */
        Sequence with(int index, Tree value) {
            List<Tree> i = new ArrayList<>(items);
            i.set(index, value);
            return new Sequence(at, i);
        }

        @Override
        public String shown() {
            return "a list";
        }
    }

    /** @param text as written, without quotes */
    record Scalar(Position at, Kind kind, String text) implements Tree {
        @Override
        public String shown() {
            return switch (kind) {
                case NULL -> "[null]";
                case QUOTED -> "[\"" + text + "\"]";
                default -> "[" + text + "]";
            };
        }
    }
}

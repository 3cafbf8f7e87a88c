package org.mocha4j.runtime.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.Role;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Catalog;

/** One run of the binder: chooses by the wanted type, and keeps what was found. */
final class Binding {
    /** Stands for a value that could not be had; the problem is recorded. */
    static final Object FAILED = new Object();

    final Catalog catalog;
    final Problems problems = new Problems();
    final Positions positions = new Positions();
    final Records records = new Records(this);
    final Roles roles = new Roles(this);
    private final ArrayBinder arrays;

    Binding(Catalog catalog, Path base) {
        this.catalog = catalog;
        this.arrays = new ArrayBinder(this, base);
    }

    Object fail(Position at, String text) {
        problems.add(at, text);
        return FAILED;
    }

    /** Fails with {@code what is [found]; expected: …}. */
    Object mismatch(Tree tree, String what, String expected) {
        return fail(tree.at(), what + " is " + tree.shown() + "; expected: " + expected);
    }

    /**
     * @param what    the name in messages: {@code Convolution.filters}
     * @param partial whether a list may leave out items that failed
     */
    Object value(Type type, Tree tree, String what, boolean partial) {
        if (type instanceof Class<?> c) {
            return tree.isNull() && !c.isPrimitive() && !roles.isName(c, tree) ? null : value(c, tree, what);
        }
        if (type instanceof ParameterizedType p) {
            if (tree.isNull()) {
                return null;
            }
            if (p.getRawType() == List.class) {
                return list(p.getActualTypeArguments()[0], tree, what, partial);
            }
            if (p.getRawType() == Map.class && p.getActualTypeArguments()[0] == String.class) {
                return map(p.getActualTypeArguments()[1], tree, what);
            }
        }
        return fail(tree.at(), what + " cannot be written in files: it is a " + type.getTypeName());
    }

    @SuppressWarnings("unchecked")
    private Object value(Class<?> type, Tree tree, String what) {
        if (type == Array.class) {
            return arrays.bind(tree, what);
        }
        if (type == Shape.class) {
            Object dims = list(Integer.class, tree, what, false);
            return dims == FAILED ? FAILED : records.guarded(tree, what, () -> Shape.of((List<Integer>) dims));
        }
        if (type.isRecord()) {
            return records.bind((Class<? extends Record>) type, tree, what);
        }
        if (type.isAnnotationPresent(Role.class)) {
            return roles.bind(type, tree, what);
        }
        if (!Scalars.knows(type)) {
            return fail(tree.at(), what + " cannot be written in files: it is a " + type.getTypeName());
        }
        Object value = tree instanceof Tree.Scalar s ? Scalars.bind(type, s) : null;
        return value == null ? mismatch(tree, what, Scalars.expected(type, tree)) : value;
    }

    private Object list(Type item, Tree tree, String what, boolean partial) {
        if (tree instanceof Tree.Mapping) {
            return mismatch(tree, what, "a list");
        }
        List<Tree> items = tree instanceof Tree.Sequence s ? s.items() : List.of(tree);
        List<Object> values = new ArrayList<>();
        boolean complete = true;
        for (int i = 0; i < items.size(); i++) {
            String name = tree instanceof Tree.Sequence ? what + "[" + i + "]" : what;
            Object value = items.get(i).isNull() ? mismatch(items.get(i), name, "a value")
                    : value(item, items.get(i), name, false);
            if (value == FAILED) {
                complete = false;
            } else {
                values.add(value);
            }
        }
        return complete || partial ? List.copyOf(values) : FAILED;
    }

    private Object map(Type item, Tree tree, String what) {
        if (!(tree instanceof Tree.Mapping m)) {
            return mismatch(tree, what, "a map");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        m.fields().forEach((key, part) -> values.put(key, part.isNull() ? mismatch(part, what + "." + key, "a value")
                : value(item, part, what + "." + key, false)));
        return values.containsValue(FAILED) ? FAILED : Collections.unmodifiableMap(values);
    }
}

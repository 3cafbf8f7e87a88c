package org.mocha4j.runtime.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.TypeEntry;

/** Which types a configuration is made of, with the bundle and version of each. */
final class TypeNames {
    private final Catalog catalog;
    private final TreeMap<String, String> found = new TreeMap<>();

    private TypeNames(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Lines {@code Convolution = org.mocha4j.layers 0.1.0}, sorted. */
    static String of(Subject subject, SolverConfig config, Collection<BreakConfig> breaks) {
        TypeNames names = new TypeNames(subject.catalog());
        for (Node n : subject.nodes()) {
            names.add(n.layer());
            names.add(n.neuron());
        }
        names.add(config);
        breaks.forEach(names::add);
        return names.found.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue())
                .collect(Collectors.joining("\n"));
    }

    private void add(Object o) {
        if (o instanceof Collection<?> c) {
            c.forEach(this::add);
        } else if (o instanceof Record r) {
            catalog.origin(r.getClass()).ifPresent(this::add);
            for (RecordComponent c : r.getClass().getRecordComponents()) {
                if (!c.getType().isPrimitive()) {
                    add(component(r, c));
                }
            }
        }
    }

    private void add(TypeEntry e) {
        found.put(e.name(), (e.origin() + " " + e.version()).trim());
    }

    /** Null for a component that cannot be read: its package is not exported, so no plug-in registered its type. */
    private static Object component(Record r, RecordComponent c) {
        try {
            return c.getAccessor().invoke(r);
        } catch (IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }
}

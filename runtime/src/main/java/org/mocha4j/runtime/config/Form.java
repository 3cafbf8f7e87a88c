package org.mocha4j.runtime.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Role;
import org.mocha4j.runtime.TypeEntry;
import org.mocha4j.runtime.internal.Suggestion;

/** The fields of a record as they stand in one map: flat components opened, the type of a flat role chosen. */
final class Form {
    /**
     * A component.
     *
     * @param flat its own form if it is flat; null also for a flat role whose type is not known
     */
    record Part(RecordComponent component, Form flat) {
        boolean isFlat() {
            return component.isAnnotationPresent(Flat.class);
        }

        boolean isRole() {
            return component.getType().isAnnotationPresent(Role.class);
        }
    }

    final Class<? extends Record> type;
    /** What messages call it: the name of the type that a flat role chose, else what it is called from outside. */
    final String title;
    final List<Part> parts = new ArrayList<>();
    /** Whether a {@code type} belongs to the map. */
    private boolean typed;
    /** Whether all fields are known. */
    private boolean complete = true;

    @SuppressWarnings("unchecked")
    private Form(Class<? extends Record> type, String name, Tree.Mapping m, Binding binding) {
        this.type = type;
        String found = name;
        for (RecordComponent c : type.getRecordComponents()) {
            Form flat = null;
            if (c.isAnnotationPresent(Flat.class) && c.getType().isRecord()) {
                flat = new Form((Class<? extends Record>) c.getType(), name, m, binding);
            } else if (c.isAnnotationPresent(Flat.class) && c.getType().isAnnotationPresent(Role.class)) {
                TypeEntry entry = binding.roles.chosen(c.getType(), m);
                typed = true;
                complete &= entry != null;
                flat = entry == null ? null : new Form(entry.type(), entry.name(), m, binding);
                found = flat == null ? name : flat.title;
            } else if (c.isAnnotationPresent(Flat.class)) {
                binding.fail(m.at(), type.getSimpleName() + "." + c.getName() + " cannot be flat: it is a "
                        + c.getType().getTypeName() + "; expected: a record or a role");
                complete = false;
            }
            if (flat != null) {
                typed |= flat.typed;
                complete &= flat.complete;
            }
            parts.add(new Part(c, flat));
        }
        this.title = found;
    }

    /** Resolves a record and records fields of the map that it does not have. */
    static Form of(Class<? extends Record> type, String name, Tree.Mapping m, Binding binding, boolean typed) {
        Form form = new Form(type, name, m, binding);
        form.typed |= typed;
        List<String> fields = form.fields();
        Set<String> seen = new HashSet<>();
        if (form.typed) {
            seen.add(Roles.TYPE);
        }
        for (String field : fields) {
            if (!seen.add(field)) {
                binding.fail(m.at(), form.title + " has a field [" + field + "] that its surroundings have, too; its"
                        + " plug-in must rename it");
            }
        }
        if (form.complete) {
            m.fields().keySet().stream().filter(key -> !seen.contains(key)).forEach(key -> binding.fail(
                    m.keys().get(key), form.title + " has no field [" + key + "]; it has " + fields
                            + Suggestion.text(key, fields)));
        }
        return form;
    }

    /** The names of the fields in the map: those of a flat role first, for they are what the map is about. */
    List<String> fields() {
        List<String> first = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (Part p : parts) {
            if (p.flat() != null) {
                (p.isRole() ? first : rest).addAll(p.flat().fields());
            } else if (!p.isFlat()) {
                rest.add(p.component().getName());
            }
        }
        first.addAll(rest);
        return first;
    }

    boolean anyIn(Tree.Mapping m) {
        return fields().stream().anyMatch(m.fields()::containsKey);
    }
}

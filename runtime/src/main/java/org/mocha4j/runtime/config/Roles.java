package org.mocha4j.runtime.config;

import java.util.Map;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Role;
import org.mocha4j.runtime.TypeEntry;

/** Values whose record is chosen by the name of its type. */
final class Roles {
    static final String TYPE = "type";

    private final Binding binding;

    Roles(Binding binding) {
        this.binding = binding;
    }

    Object bind(Class<?> role, Tree tree, String what) {
        if (tree instanceof Tree.Mapping m) {
            TypeEntry entry = chosen(role, m);
            return entry == null ? Binding.FAILED : binding.records.bindRole(entry, m);
        }
        boolean text = tree instanceof Tree.Scalar t && (t.kind() == Tree.Kind.TEXT || t.kind() == Tree.Kind.QUOTED);
        if (tree instanceof Tree.Scalar s && (text || isName(role, tree))) {
            TypeEntry entry = entry(role, s.text(), s.at());
            return entry == null ? Binding.FAILED
                    : binding.records.bindRole(entry, Tree.Mapping.of(s.at(), Map.of()));
        }
        if (tree instanceof Tree.Scalar s && s.kind() == Tree.Kind.NUMBER) {
            var factory = Reflection.factory(role, double.class);
            if (factory != null) {
                return binding.records.made(tree, what, factory, Scalars.real(s.text()));
            }
        }
        return binding.mismatch(tree, what, word(role) + ": " + (Reflection.factory(role, double.class) == null
                ? "" : "a number, ") + "its name, or {type: its name, …}; there are " + binding.catalog.names(role));
    }

    /** Whether a scalar is a type's name, though YAML takes it for a null: the initializer {@code Null}. */
    boolean isName(Class<?> role, Tree tree) {
        return tree instanceof Tree.Scalar s && binding.catalog.names(role).contains(s.text());
    }

    /** The record that the map's {@code type} chooses; null after recording why there is none. */
    TypeEntry chosen(Class<?> role, Tree.Mapping m) {
        Tree type = m.fields().get(TYPE);
        String expected = "the name of " + word(role) + "; there are " + binding.catalog.names(role);
        if (type == null) {
            binding.fail(m.at(), "type is missing; expected: " + expected);
            return null;
        }
        if (!(type instanceof Tree.Scalar s) || type.isNull() && !isName(role, type)) {
            binding.mismatch(type, TYPE, expected);
            return null;
        }
        return entry(role, s.text(), type.at());
    }

    private TypeEntry entry(Class<?> role, String name, Position at) {
        try {
            return binding.catalog.type(role, name);
        } catch (ConfigurationException e) {
            binding.problems.add(at, e.getMessage(), e);
            return null;
        }
    }

    /** The role's word with its article. */
    private static String word(Class<?> role) {
        String word = role.getAnnotation(Role.class).value();
        return ("aeiou".indexOf(word.charAt(0)) < 0 ? "a " : "an ") + word;
    }
}

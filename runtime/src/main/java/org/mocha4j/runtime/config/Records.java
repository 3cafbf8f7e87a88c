package org.mocha4j.runtime.config;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mocha4j.api.MochaException;
import org.mocha4j.runtime.TypeEntry;

/** Makes records from maps, lists and scalars. */
final class Records {
    private final Binding binding;

    Records(Binding binding) {
        this.binding = binding;
    }

    /** Binds the outermost record; what failed is left out of it. */
    Object bindRoot(Class<? extends Record> type, Tree tree) {
        String name = type.getSimpleName();
        if (!(tree instanceof Tree.Mapping m)) {
            return binding.mismatch(tree, name, "a map");
        }
        return make(Form.of(type, name, m, binding, false), m, true);
    }

    /** Binds the record that a {@code type} has chosen. */
    Object bindRole(TypeEntry entry, Tree.Mapping m) {
        return make(Form.of(entry.type(), entry.name(), m, binding, true), m, false);
    }

    /** Binds a plain record in any of its forms. */
    Object bind(Class<? extends Record> type, Tree tree, String what) {
        if (tree instanceof Tree.Mapping m) {
            return make(Form.of(type, what, m, binding, false), m, false);
        }
        if (tree instanceof Tree.Scalar s) {
            Method factory = Reflection.factory(type, s);
            return factory == null ? binding.mismatch(tree, what, Reflection.expected(type))
                    : made(tree, what, factory, Scalars.bind(factory.getParameterTypes()[0], s));
        }
        List<Tree> items = ((Tree.Sequence) tree).items();
        List<String> names = Reflection.names(type);
        if (names.isEmpty() || items.size() > names.size()) {
            return binding.fail(tree.at(), what + " is a list of " + items.size() + "; expected: "
                    + Reflection.expected(type));
        }
        Map<String, Tree> fields = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i++) {
            fields.put(names.get(i), items.get(i));
        }
        return bind(type, Tree.Mapping.of(tree.at(), fields), what);
    }

    private Object make(Form form, Tree.Mapping m, boolean root) {
        Object[] args = new Object[form.parts.size()];
        boolean good = true;
        boolean possible = true;
        for (int i = 0; i < args.length; i++) {
            Form.Part part = form.parts.get(i);
            args[i] = component(form, part, m, root);
            if (args[i] == Binding.FAILED) {
                good = false;
                possible &= !part.component().getType().isPrimitive();
                args[i] = null;
            }
        }
        if (good) {
            return construct(form, m, args);
        }
        return root && possible ? attempt(form, args, m) : Binding.FAILED;
    }

    private Object component(Form form, Form.Part part, Tree.Mapping m, boolean root) {
        if (part.isFlat()) {
            Form flat = part.flat();
            return flat == null ? Binding.FAILED : part.isRole() || flat.anyIn(m) ? make(flat, m, false) : null;
        }
        RecordComponent c = part.component();
        Tree tree = m.fields().get(c.getName());
        String what = form.title + "." + c.getName();
        if (tree == null) {
            return !c.getType().isPrimitive() ? null
                    : binding.fail(m.at(), what + " is missing; expected: " + Scalars.expected(c.getType()));
        }
        return binding.value(c.getGenericType(), tree, what, root);
    }

    /** A record of which something has failed already, if its constructor lets it be. */
    private Object attempt(Form form, Object[] args, Tree.Mapping m) {
        try {
            return placed(Reflection.create(form.type, args), m);
        } catch (Exception e) {
            return Binding.FAILED;                               // a consequence of what is recorded
        }
    }

    /**
     * A flat part of which no field is written is null: its owner's default. An owner that cannot do without gets the
     * part with its own defaults; if that cannot be, the part's complaint is the better one.
     */
    private Object construct(Form form, Tree.Mapping m, Object[] args) {
        try {
            return placed(Reflection.create(form.type, args), m);
        } catch (Exception refusal) {
            boolean changed = false;
            for (int i = 0; i < args.length; i++) {
                Form flat = form.parts.get(i).flat();
                if (flat == null || args[i] != null || names(form, refusal)) {
                    continue;
                }
                args[i] = make(flat, m, false);
                if (args[i] == Binding.FAILED) {
                    return Binding.FAILED;
                }
                changed = true;
            }
            return changed ? guarded(m, form.title, form.fields(), () -> placed(Reflection.create(form.type, args), m))
                    : refused(m, form.title, form.fields(), refusal);
        }
    }

    /** Whether a refusal is about a plain field of the form. */
    private static boolean names(Form form, Exception e) {
        return form.parts.stream().anyMatch(p -> !p.isFlat() && String.valueOf(e.getMessage())
                .startsWith(p.component().getName() + " is "));
    }

    private Object placed(Object made, Tree tree) {
        binding.positions.put(made, tree);
        return made;
    }

    /** Calls a static factory. */
    Object made(Tree tree, String what, Method factory, Object argument) {
        if (argument == null) {
            return binding.mismatch(tree, what, Scalars.expected(factory.getParameterTypes()[0]));
        }
        return guarded(tree, what, () -> placed(Reflection.call(() -> factory.invoke(null, argument)), tree));
    }

    /** Does something that may refuse. */
    Object guarded(Tree tree, String what, Callable<Object> action) {
        return guarded(tree, what, List.of(), action);
    }

    private Object guarded(Tree tree, String what, List<String> fields, Callable<Object> action) {
        try {
            return action.call();
        } catch (Exception e) {
            return refused(tree, what, fields, e);
        }
    }

    /** Says in terms of the file what a constructor says in terms of its components. */
    private Object refused(Tree tree, String title, List<String> fields, Exception e) {
        String said = e instanceof MochaException ? e.getMessage() : e.toString();
        for (String field : fields) {
            if (said.startsWith(field + " is ")) {
                Tree value = tree instanceof Tree.Mapping m ? m.fields().get(field) : null;
                String text = value == null && said.startsWith(field + " is null") ? field + " is missing"
                        + said.substring((field + " is null").length()) : said;
                binding.problems.add(value == null ? tree.at() : value.at(), title + "." + text, e);
                return Binding.FAILED;
            }
        }
        binding.problems.add(tree.at(), title + ": " + said, e);
        return Binding.FAILED;
    }
}

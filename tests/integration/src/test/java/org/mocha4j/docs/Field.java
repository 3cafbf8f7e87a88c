package org.mocha4j.docs;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Role;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.config.ConfigWriter;

/**
 * A field of a configuration record, as files write it.
 *
 * @param standard the default in files' notation; {@code required} where there is none, {@code none} for null
 * @param meaning  of the Javadoc; null if that says nothing
 */
record Field(String name, Type type, String standard, String meaning) {
    /** What must be given. */
    static final String REQUIRED = "required";
    /** What stands for null. */
    static final String NONE = "none";
    /** What must be given unless another field is. */
    private static final String EITHER = "required, or another";

    /**
     * The fields of a record, those of flat components in their place. The defaults are what the constructor makes of
     * null, everything else being as in the example.
     */
    static List<Field> of(Record example, Catalog catalog) {
        SourceDoc doc = SourceDoc.of(example.getClass());
        List<Field> fields = new ArrayList<>();
        for (RecordComponent c : example.getClass().getRecordComponents()) {
            if (!c.isAnnotationPresent(Flat.class)) {
                fields.add(new Field(c.getName(), c.getGenericType(), standard(example, c, catalog),
                    doc.params().get(c.getName())));
            } else if (!c.getType().isAnnotationPresent(Role.class)) {
                boolean optional = !standard(example, c, catalog).equals(REQUIRED);
                flat(example, c, catalog).forEach(f -> fields.add(optional && f.standard().equals(REQUIRED)
                    ? new Field(f.name(), f.type(), NONE, f.meaning()) : f));
            }
        }
        return fields;
    }

    /** The fields of a part; of one that the example does not have, without defaults. */
    private static List<Field> flat(Record example, RecordComponent part, Catalog catalog) {
        if (get(example, part) instanceof Record there) {
            return of(there, catalog);
        }
        SourceDoc doc = SourceDoc.of(part.getType());
        return Arrays.stream(part.getType().getRecordComponents())
            .map(c -> new Field(c.getName(), c.getGenericType(), NONE,
            doc.params().get(c.getName()))).toList();
    }

    /**
     * What the constructor makes of null where as little as possible is given, else beside the example's other fields.
     */
    private static String standard(Record example, RecordComponent c, Catalog catalog) {
        if (c.getType().isPrimitive()) {
            return REQUIRED;
        }
        String refusal = "";
        for (Record rest : List.of(least(example), example)) {
            try {
                return written(with(rest, o -> o.getName().equals(c.getName()) ? null : get(rest, o)), c, catalog);
            } catch (InvocationTargetException e) {
                refusal = String.valueOf(e.getCause().getMessage());
            }
        }
        return refusal.contains("exactly one of") ? EITHER : REQUIRED;
    }

    /** The example without all that may be left out; the example where that cannot be. */
    private static Record least(Record example) {
        Set<RecordComponent> needed = new HashSet<>();
        for (RecordComponent c : example.getClass().getRecordComponents()) {
            try {
                with(example, o -> o.getName().equals(c.getName()) && !c.getType().isPrimitive()
                    ? null : get(example, o));
            } catch (InvocationTargetException e) {
                needed.add(c);
            }
        }
        try {
            return with(example, o -> o.getType().isPrimitive() || needed.stream().anyMatch(n -> n.getName()
                .equals(o.getName())) ? get(example, o) : null);
        } catch (InvocationTargetException e) {
            return example;
        }
    }

    private static Record with(Record like, Function<RecordComponent, Object> values) throws InvocationTargetException {
        RecordComponent[] all = like.getClass().getRecordComponents();
        try {
            Constructor<? extends Record> constructor = like.getClass().getDeclaredConstructor(Arrays.stream(all)
                .map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(Arrays.stream(all).map(values).toArray());
        } catch (InvocationTargetException e) {
            throw e;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(like.getClass().getName(), e);
        }
    }

    private static Object get(Record r, RecordComponent c) {
        try {
            c.getAccessor().setAccessible(true);
            return c.getAccessor().invoke(r);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A component's value as a file would have it. */
    static String written(Record r, RecordComponent c, Catalog catalog) {
        Object value = get(r, c);
        if (value == null || value instanceof List<?> l && l.isEmpty() || value instanceof Map<?, ?> m && m.isEmpty()
                || value instanceof String s && s.isEmpty()) {
            return NONE;
        }
        if (c.isAnnotationPresent(Flat.class)) {
            return c.getName();
        }
        return new ConfigWriter(catalog).yaml(r).lines().filter(l -> l.startsWith(c.getName() + ": "))
            .map(l -> l.substring(c.getName().length() + 2).replaceAll("\\{(?:w|front): (\\d+), (?:h|end): \\1\\}",
                "$1")
                .replaceAll("(\\d)\\.0\\b", "$1")).findFirst().orElseThrow();
    }

    /** The default as a page shows it. */
    String shown() {
        return List.of(REQUIRED, NONE, EITHER).contains(standard) ? standard : "`" + standard + "`";
    }

    /** The type in words. */
    String words() {
        return words(type);
    }

    private static String words(Type type) {
        if (type instanceof ParameterizedType p) {
            Type[] of = p.getActualTypeArguments();
            return p.getRawType() == List.class ? "list of: " + words(of[0]) : "map from name to: " + words(of[1]);
        }
        Class<?> c = (Class<?>) type;
        if (c == DataType.class) {
            return "`float32`, `float64`";
        }
        if (c.isEnum()) {
            return Stream.of(c.getEnumConstants()).map(v -> "`" + ((Enum<?>) v).name().toLowerCase(Locale.ROOT)
                .replace('_', '-') + "`").collect(Collectors.joining(", "));
        }
        Role role = c.getAnnotation(Role.class);
        if (role != null) {
            return c == Policy.class ? "number or policy" : role.value();
        }
        return SIMPLE.getOrDefault(c, "`" + c.getSimpleName() + "`");
    }

    private static final Map<Class<?>, String> SIMPLE = Map.ofEntries(Map.entry(int.class, "whole number"),
        Map.entry(Integer.class, "whole number"), Map.entry(long.class, "whole number"),
        Map.entry(Long.class, "whole number"), Map.entry(double.class, "number"), Map.entry(Double.class, "number"),
        Map.entry(boolean.class, "true or false"), Map.entry(Boolean.class, "true or false"),
        Map.entry(String.class, "text"), Map.entry(Path.class, "path"), Map.entry(Array.class, "tensor"),
        Map.entry(Shape.class, "list of whole numbers"), Map.entry(Size.class, "number or [w, h]"));

    /** The plain record that the field takes, alone or in a list or map; null for other fields. */
    Class<?> inner() {
        Type t = type;
        while (t instanceof ParameterizedType p) {
            t = p.getActualTypeArguments()[p.getActualTypeArguments().length - 1];
        }
        return t instanceof Class<?> c && c.isRecord() && !SIMPLE.containsKey(c) ? c : null;
    }
}

package org.mocha4j.runtime.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Role;
import org.mocha4j.api.Shape;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.TypeEntry;

/**
 * Writes configuration records as YAML, the inverse of {@link Binder}: equal records give equal text, and the text
 * binds to equal records. Null components are left out. Two things are written to be compared, not to be bound: an
 * {@link Array} of more than {@value #MOST_VALUES} elements as type, shape and SHA-256, and a role's value that is
 * not a record of a plug-in, by its class.
 */
public final class ConfigWriter {
    private static final int MOST_VALUES = 64;

    private final Catalog catalog;

    public ConfigWriter(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The record as YAML: one line per field, and per item of a list of maps. */
    public String yaml(Record record) {
        return YamlText.of(fields(record));
    }

    private Map<String, Object> fields(Record record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent c : record.getClass().getRecordComponents()) {
            Object value = get(record, c);
            if (value == null) {
                continue;
            }
            if (!c.isAnnotationPresent(Flat.class)) {
                fields.put(c.getName(), value(c.getGenericType(), value));
            } else if (isRole(c.getType())) {
                fields.putAll(typed(value));
            } else {
                fields.putAll(fields((Record) value));
            }
        }
        return fields;
    }

    private static Object get(Record record, RecordComponent c) {
        try {
            c.getAccessor().trySetAccessible();
            return c.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new ConfigurationException(record.getClass().getName() + "." + c.getName() + " cannot be read; the"
                    + " record must be public in an exported package", e);
        }
    }

    private Map<String, Object> typed(Object value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        String name = catalog.origin(value.getClass()).map(TypeEntry::name).orElse(className(value.getClass()));
        fields.put(Roles.TYPE, name);
        if (value instanceof Record r) {
            fields.putAll(fields(r));
        }
        return fields;
    }

    /** A name that is the same in every run, for lambdas too. */
    private static String className(Class<?> type) {
        return type.getName().replaceAll("\\$\\$Lambda.*", "\\$\\$Lambda");
    }

    private Object role(Class<?> role, Object value) {
        Map<String, Object> fields = typed(value);
        if (value instanceof Record r && catalog.origin(value.getClass()).isEmpty()) {
            Object number = number(role, r);
            return number == null ? fields : number;
        }
        return fields.size() == 1 ? fields.get(Roles.TYPE) : fields;
    }

    /** The number from which the role's own factory makes the same value; null if there is none. */
    private static Object number(Class<?> role, Record value) {
        Method factory = Reflection.factory(role, double.class);
        RecordComponent[] parts = value.getClass().getRecordComponents();
        if (factory == null || parts.length != 1 || !(get(value, parts[0]) instanceof Double d)) {
            return null;
        }
        try {
            return value.equals(Reflection.call(() -> factory.invoke(null, d))) ? d : null;
        } catch (Exception e) {
            return null;                                         // it does not take this number
        }
    }

    private static boolean isRole(Type type) {
        return type instanceof Class<?> c && c.isAnnotationPresent(Role.class);
    }

    private Object value(Type type, Object value) {
        if (isRole(type)) {
            return role((Class<?>) type, value);
        }
        if (value instanceof List<?> items && type instanceof ParameterizedType p) {
            return items.stream().map(item -> value(p.getActualTypeArguments()[0], item)).toList();
        }
        if (value instanceof Map<?, ?> map && type instanceof ParameterizedType p) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.forEach((key, part) -> fields.put((String) key, value(p.getActualTypeArguments()[1], part)));
            return fields;
        }
        if (value instanceof Array a) {
            return array(a);
        }
        if (value instanceof Shape s) {
            return dims(s);
        }
        if (value instanceof Record r) {
            return fields(r);
        }
        if (value instanceof Enum<?> e) {
            return Scalars.written(e);
        }
        if (value instanceof Path p) {
            return p.toString().replace('\\', '/');
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value;
        }
        throw new ConfigurationException("a " + value.getClass().getName() + " cannot be written to a file");
    }

    private static List<Integer> dims(Shape s) {
        return Arrays.stream(s.dims()).boxed().toList();
    }

    private static Object array(Array a) {
        if (a.elements() > MOST_VALUES) {
            Map<String, Object> digest = new LinkedHashMap<>();
            digest.put("type", Scalars.written(a.spec().type()));
            digest.put("shape", dims(a.shape()));
            digest.put("sha256", sha256(a));
            return digest;
        }
        return nested(a, 0, 0);
    }

    private static Object nested(Array a, int axis, int from) {
        if (axis == a.shape().rank()) {
            return a.at(from);
        }
        int stride = a.shape().strides()[axis];
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < a.shape().dim(axis); i++) {
            items.add(nested(a, axis + 1, from + i * stride));
        }
        return items;
    }

    private static String sha256(Array a) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);
            for (int i = 0; i < a.elements(); i++) {
                digest.update(bytes.putDouble(0, a.at(i)).array());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);                  // every JDK has it
        }
    }
}

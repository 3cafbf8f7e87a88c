package org.mocha4j.runtime.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Numbers, booleans, texts, paths and enumerations. */
final class Scalars {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(int.class, Integer.class, long.class, Long.class,
            double.class, Double.class, float.class, Float.class, boolean.class, Boolean.class);
    private static final List<Class<?>> KNOWN = List.of(Integer.class, Long.class, Double.class, Float.class,
            Boolean.class, String.class, Path.class);

    private Scalars() {
    }

    static boolean knows(Class<?> type) {
        return type.isEnum() || KNOWN.contains(box(type));
    }

    private static Class<?> box(Class<?> type) {
        return BOXES.getOrDefault(type, type);
    }

    /** What a message says that a type takes. */
    static String expected(Class<?> type) {
        Class<?> t = box(type);
        if (t.isEnum()) {
            return "one of " + Arrays.stream(t.getEnumConstants()).map(c -> written((Enum<?>) c)).toList();
        }
        return t == Integer.class || t == Long.class ? "a whole number"
                : t == Double.class || t == Float.class ? "a number" : t == Boolean.class ? "true or false"
                : t == Path.class ? "a path" : "a text";
    }

    /** The same for something that does not fit. */
    static String expected(Class<?> type, Tree found) {
        boolean tooBig = box(type) == Integer.class && found instanceof Tree.Scalar s && s.kind() == Tree.Kind.NUMBER
                && whole(s.text()) != null;
        return expected(type) + (tooBig ? " from -2147483648 to 2147483647" : "");
    }

    /** The value; null if the scalar does not fit. */
    static Object bind(Class<?> type, Tree.Scalar s) {
        Class<?> t = box(type);
        boolean number = s.kind() == Tree.Kind.NUMBER;
        if (t.isEnum()) {
            return Arrays.stream(t.getEnumConstants())
                    .filter(c -> folded(((Enum<?>) c).name()).equals(folded(s.text()))).findFirst().orElse(null);
        }
        if (t == Boolean.class) {
            return s.kind() == Tree.Kind.BOOLEAN ? Boolean.valueOf(s.text().toLowerCase(Locale.ROOT)) : null;
        }
        if (t == String.class) {
            return s.kind() == Tree.Kind.NULL ? null : s.text();
        }
        if (t == Path.class) {
            return path(s);
        }
        if (!number) {
            return null;
        }
        if (t == Double.class) {
            return real(s.text());
        }
        if (t == Float.class) {
            Double d = real(s.text());
            return d == null ? null : (Object) Float.valueOf(d.floatValue());
        }
        BigInteger whole = whole(s.text());
        return whole == null ? null : t == Integer.class
                ? whole.bitLength() < Integer.SIZE ? (Object) whole.intValue() : null
                : whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : null;
    }

    private static Path path(Tree.Scalar s) {
        try {
            return s.kind() == Tree.Kind.NULL ? null : Path.of(s.text());
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** The number if it is whole, however it is written ({@code 1e4}, {@code 0xff}); else null. */
    static BigInteger whole(String text) {
        if (text.startsWith("0x") || text.startsWith("0o")) {
            return new BigInteger(text.substring(2), text.charAt(1) == 'x' ? 16 : 8);
        }
        try {
            BigDecimal d = new BigDecimal(text);
            return d.precision() - (long) d.scale() > 20 ? null : d.toBigIntegerExact();   // 1e999999999 stays small
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    /** A number of YAML's core schema, {@code .inf} and {@code .nan} included. */
    static Double real(String text) {
        String t = text.toLowerCase(Locale.ROOT);
        if (t.endsWith(".inf")) {
            return t.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        if (t.equals(".nan")) {
            return Double.NaN;
        }
        boolean decimal = !t.startsWith("0x") && !t.startsWith("0o");
        return decimal ? Double.valueOf(t) : Double.valueOf(whole(t).doubleValue());
    }

    /** An enumeration's value as files write it: {@code WITHIN_CHANNEL} is {@code within-channel}. */
    static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }
}

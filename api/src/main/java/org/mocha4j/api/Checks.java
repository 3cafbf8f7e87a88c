package org.mocha4j.api;

/** Defaults and checks for the compact constructors of configuration records. */
public final class Checks {
    private Checks() {
    }

    /** The value, or the default where the value is null. */
    public static <T> T or(T value, T byDefault) {
        return value == null ? byDefault : value;
    }

    /**
     * Requires a condition of a field.
     *
     * @throws ConfigurationException reading {@code power is NaN; expected: finite}
     */
    public static void require(boolean condition, String field, Object found, String expected) {
        if (!condition) {
            throw new ConfigurationException(field + " is " + found + "; expected: " + expected);
        }
    }

    /** Requires a finite number. */
    public static void finite(String field, double value) {
        require(Double.isFinite(value), field, value, "a finite number");
    }

    /** Requires a number of at least 1. */
    public static void positive(String field, int value) {
        require(value > 0, field, value, "at least 1");
    }

    /**
     * Requires a property of shapes.
     *
     * @throws ShapeException with the text
     */
    public static void shape(boolean condition, String text) {
        if (!condition) {
            throw new ShapeException(text);
        }
    }
}

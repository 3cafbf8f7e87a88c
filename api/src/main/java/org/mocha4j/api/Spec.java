package org.mocha4j.api;

import java.util.Objects;

/** What is known of a tensor before it exists: its data type and shape. */
public record Spec(DataType type, Shape shape) {
    public Spec {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(shape, "shape");
    }

    public static Spec of(DataType type, int... dims) {
        return new Spec(type, Shape.of(dims));
    }

    public Spec with(Shape other) {
        return new Spec(type, other);
    }

    public long elements() {
        return shape.elements();
    }

    public long bytes() {
        return Math.multiplyExact(shape.elements(), (long) type.bytes());
    }

    @Override
    public String toString() {
        return type.name().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}

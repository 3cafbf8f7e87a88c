package org.mocha4j.api;

/** A tensor in a {@link Graph}: the result of an op, a parameter, a constant, an input. Identity counts, not content. */
public interface Value {
    Spec spec();

    default Shape shape() {
        return spec().shape();
    }

    default DataType type() {
        return spec().type();
    }
}

package org.mocha4j.api.backend;

import org.mocha4j.api.DataType;

/** Typed memory without a shape, content undefined at the start of a step. */
public record Workspace(DataType type, long elements) {
    public static final Workspace NONE = new Workspace(DataType.FLOAT32, 0);
}

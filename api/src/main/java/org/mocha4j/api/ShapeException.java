package org.mocha4j.api;

/** The shapes or types of an op's inputs do not fit together. */
public class ShapeException extends MochaException {
    private static final long serialVersionUID = 1L;

    public ShapeException(String message) {
        super(message);
    }

    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}

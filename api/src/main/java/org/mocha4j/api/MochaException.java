package org.mocha4j.api;

/**
 * The root of the exceptions of this system. A message says where, what was found, what was expected, what to do.
 */
public class MochaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MochaException(String message) {
        super(message);
    }

    public MochaException(String message, Throwable cause) {
        super(message, cause);
    }
}

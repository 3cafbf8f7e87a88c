package org.mocha4j.api;

/** Data read while running is wrong: a file that is damaged, a label out of range, a value that is not finite. */
public class DataException extends MochaException {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}

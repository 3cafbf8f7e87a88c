package org.mocha4j.api;

/** A net, a solver, a file or an option says something that cannot be meant: unknown names, wrong values, bad wiring. */
public class ConfigurationException extends MochaException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}

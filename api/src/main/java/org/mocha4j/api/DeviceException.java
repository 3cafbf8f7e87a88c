package org.mocha4j.api;

/** A backend or device is not usable, ran out of memory, or failed. */
public class DeviceException extends MochaException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}

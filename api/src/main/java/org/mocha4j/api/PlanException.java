package org.mocha4j.api;

/** No kernel, decomposition or host kernel can run an op on a device; the message lists every refusal. */
public class PlanException extends MochaException {
    private static final long serialVersionUID = 1L;

    public PlanException(String message) {
        super(message);
    }

    public PlanException(String message, Throwable cause) {
        super(message, cause);
    }
}

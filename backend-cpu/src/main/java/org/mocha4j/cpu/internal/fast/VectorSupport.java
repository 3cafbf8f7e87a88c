package org.mocha4j.cpu.internal.fast;

/** How matrix products are vectorised. */
public record VectorSupport(String description) {
    public static VectorSupport find(String mode) {
        return new VectorSupport("plain loops");
    }
}

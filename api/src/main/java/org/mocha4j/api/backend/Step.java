package org.mocha4j.api.backend;

/** One planned and bound op. */
@FunctionalInterface
public interface Step {
    void run();
}

package org.mocha4j.api.backend;

import org.mocha4j.api.Spec;

/** How a tensor lies in memory; belongs to a device and is equal by value. Lanes that pad a tensor hold zero. */
public interface Layout {
    /** Row-major, no gaps. Every device has it. */
    Layout PLAIN = new Named("plain");

    /** Only in requests: the kernel may choose, nothing lies there yet. */
    Layout ANY = new Named("any");

    /** For people: {@code nhwc8}. */
    String name();

    /** Elements that a tensor takes, padding included. */
    default long elements(Spec spec) {
        return spec.elements();
    }

    /** Whether a reorder leads back from it, so that parameters may live in it. Of others the planner keeps copies. */
    default boolean reversible() {
        return true;
    }

    /** A layout that is known by its name alone and has no gaps. */
    record Named(String name) implements Layout {
        @Override
        public String toString() {
            return name;
        }
    }
}

package org.mocha4j.runtime.config;

/**
 * What came out of binding a tree.
 *
 * @param value     complete if there are no problems; else as much as could be understood, null if nothing
 * @param problems  all of them
 * @param positions where each record was written
 */
public record Bound<T>(T value, Problems problems, Positions positions) {
    /** The value. @throws org.mocha4j.api.ConfigurationException with all problems, if there is any */
    public T get() {
        problems.check();
        return value;
    }
}

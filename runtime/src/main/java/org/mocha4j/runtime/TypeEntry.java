package org.mocha4j.runtime;

/**
 * A configuration record that a plug-in offers under a role.
 *
 * @param role    the interface marked as a role
 * @param name    as files write it: {@code Convolution}, {@code acme.Swish}
 * @param type    the record
 * @param origin  the bundle, module or jar it comes from
 * @param version of the origin; empty if unknown
 */
public record TypeEntry(Class<?> role, String name, Class<? extends Record> type, String origin, String version) {
    /** Origin and version, for messages. */
    public String place() {
        return version.isEmpty() ? origin : origin + " " + version;
    }
}

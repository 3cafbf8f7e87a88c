package org.mocha4j.api;

/**
 * Who a plug-in is.
 *
 * @param prefix  of its type names: {@code acme} makes {@code acme.Swish}; empty only for this project's own
 * @param version for people and snapshots
 * @param title   one line
 */
public record PluginInfo(String prefix, String version, String title) {
    public PluginInfo {
        Checks.require(prefix != null && prefix.matches("[A-Za-z0-9_]*"), "prefix", prefix, "letters and digits");
    }
}

package org.mocha4j.runtime;

import java.util.List;

/**
 * The plug-ins that are there now. In OSGi the runtime's bundle registers it as a service that follows the bundles as
 * they come and go; elsewhere {@link PluginLoader} fills one.
 */
@FunctionalInterface
public interface PluginSource {
    /**
     * What is there at one moment.
     *
     * @param generation grows with every change, so that a catalog built from an older one is known to be outdated
     */
    record Snapshot(long generation, List<LoadedPlugin> plugins) {
        public Snapshot {
            plugins = List.copyOf(plugins);
        }
    }

    Snapshot snapshot();

    /** A source that never changes. */
    static PluginSource of(List<LoadedPlugin> plugins) {
        Snapshot fixed = new Snapshot(0, plugins);
        return () -> fixed;
    }
}

package org.mocha4j.runtime;

import java.util.Objects;
import org.mocha4j.api.Plugin;

/**
 * A plug-in that was found: either the plug-in, or the reason why it could not be had.
 *
 * @param plugin  null exactly if {@code failure} is not
 * @param origin  the bundle, module or jar it comes from, for messages
 * @param version of the origin; empty if it has none
 * @param failure what went wrong, with its cause
 */
public record LoadedPlugin(Plugin plugin, String origin, String version, Throwable failure) {
    public LoadedPlugin {
        Objects.requireNonNull(origin);
        Objects.requireNonNull(version);
        if ((plugin == null) == (failure == null)) {
            throw new IllegalArgumentException("either a plug-in or a failure, for " + origin);
        }
    }

    public static LoadedPlugin of(Plugin plugin, String origin, String version) {
        return new LoadedPlugin(plugin, origin, version, null);
    }

    public static LoadedPlugin failed(String origin, String version, Throwable failure) {
        return new LoadedPlugin(null, origin, version, failure);
    }
}

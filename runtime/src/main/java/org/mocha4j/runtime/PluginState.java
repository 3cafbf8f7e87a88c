package org.mocha4j.runtime;

import java.util.List;
import org.mocha4j.api.PluginInfo;

/**
 * What became of a plug-in.
 *
 * @param origin   the bundle, module or jar
 * @param version  of the origin, else what the plug-in says; empty if unknown
 * @param info     what the plug-in says of itself; null if it could not be asked
 * @param failure  why nothing of it can be used; null if it is in order
 * @param provides what it offers, for example {@code layer Convolution}, {@code backend cpu}, {@code format hdf5}
 */
public record PluginState(String origin, String version, PluginInfo info, Throwable failure, List<String> provides) {
    public PluginState {
        provides = List.copyOf(provides);
    }

    public boolean broken() {
        return failure != null;
    }

    /** Origin and version, and the cause if it is broken. */
    @Override
    public String toString() {
        String name = version.isEmpty() ? origin : origin + " " + version;
        return broken() ? name + " (" + Catalog.cause(failure) + ")" : name;
    }
}

package org.mocha4j.launcher.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginSource;

/**
 * What a command works with.
 *
 * @param plugins     those in the framework
 * @param failures    of plug-ins that could not be installed or started: file to cause
 * @param out         results
 * @param err         messages
 * @param environment variables such as {@code MOCHA_BACKEND}
 */
public record Host(PluginSource plugins, Map<String, Throwable> failures, PrintWriter out, PrintWriter err,
                   Map<String, String> environment) {
    /** What the plug-ins of this moment offer; those that could not be installed are in it as broken. */
    Catalog catalog() {
        List<LoadedPlugin> all = new ArrayList<>(plugins.snapshot().plugins());
        failures.forEach((file, cause) -> all.add(LoadedPlugin.failed(file, "", cause)));
        return Catalog.of(all);
    }
}

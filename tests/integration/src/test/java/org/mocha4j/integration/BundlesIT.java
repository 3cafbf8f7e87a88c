package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Plugin;
import org.osgi.framework.Bundle;

/**
 * In OSGi: everything of the distribution resolves and starts, and each bundle's plug-in is a service while it runs.
 */
class BundlesIT {
    @TempDir Path temp;

    @Test void allBundlesAreActiveAndTheirPluginsRegistered() throws Exception {
        try (FelixRun felix = new FelixRun(temp)) {
            felix.startAll(Distribution.bundles());
            List<String> notActive = new ArrayList<>();
            for (Bundle b : felix.context().getBundles()) {
                if (b.getState() != Bundle.ACTIVE) {
                    notActive.add(b.getSymbolicName());
                }
            }
            assertEquals(List.of(), notActive);
            assertEquals(Distribution.bundles().size() + 1, felix.context().getBundles().length, "and the framework");
            assertEquals(declared(), felix.pluginServices());
        }
    }

    @Test void aPluginGoesWithItsBundleAndComesBack() throws Exception {
        try (FelixRun felix = new FelixRun(temp)) {
            felix.startAll(Distribution.bundles());
            Bundle added = felix.install(ThirdParty.bundle(temp.resolve("acme.jar"), "1.0.0"));
            added.start();
            assertTrue(felix.pluginServices().contains("acme"));
            added.stop();
            assertEquals(declared(), felix.pluginServices());
            added.start();
            assertTrue(felix.pluginServices().contains("acme"));
        }
    }

    /** A net that runs keeps the classes of the bundle it was built from, also those it has not touched yet. */
    @Test void updatesAndRemovalDoNotDisturbAPluginInUse() throws Exception {
        try (FelixRun felix = new FelixRun(temp)) {
            felix.startAll(Distribution.bundles());
            Bundle acme = felix.install(ThirdParty.bundle(temp.resolve("acme.jar"), "1.0.0", lazy("first")));
            acme.start();
            List<Object> plugins = new ArrayList<>(List.of(felix.pluginOf(acme)));
            for (String version : List.of("2.0.0", "2.0.0")) {
                Path jar = ThirdParty.bundle(temp.resolve("next.jar"), version, lazy("update " + plugins.size()));
                try (InputStream in = Files.newInputStream(jar)) {
                    acme.update(in);
                }
                plugins.add(felix.pluginOf(acme));
            }
            acme.uninstall();
            assertEquals(declared(), felix.pluginServices());
            List<String> titles = new ArrayList<>();
            for (Object plugin : plugins) {
                titles.add(title(plugin));
            }
            assertEquals(List.of("first", "update 1", "update 2"), titles);
        }
    }

    private static Map<String, String> lazy(String title) {
        return Map.of("acme/AcmePlugin.java", ThirdParty.plugin("").replace("\"Parts by Acme\"", "Title.text()"),
            "acme/Title.java", "package acme; class Title { static String text() { return \"" + title + "\"; } }");
    }

    private static String title(Object plugin) throws Exception {
        Object info = plugin.getClass().getMethod("info").invoke(plugin);
        return (String) info.getClass().getMethod("title").invoke(info);
    }

    @Test void withoutTheRuntimeNothingIsRegistered() throws Exception {
        try (FelixRun felix = new FelixRun(temp)) {
            felix.startAll(List.of(Distribution.bundle("mocha4j-api")));
            felix.install(ThirdParty.bundle(temp.resolve("acme.jar"), "1.0.0")).start();
            assertEquals(List.of(), felix.pluginServices());
        }
    }

    /** Names of the modules whose descriptor says that they provide a plug-in. */
    static List<String> declared() throws Exception {
        return ModuleFinder.of(Distribution.HOME.resolve("bundles")).findAll().stream().map(ModuleReference::descriptor)
            .filter(d -> d.provides().stream().anyMatch(p -> p.service().equals(Plugin.class.getName())))
            .map(d -> d.name()).sorted().toList();
    }
}

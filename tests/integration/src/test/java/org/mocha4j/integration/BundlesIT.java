package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Plugin;
import org.osgi.framework.Bundle;

/** In OSGi: everything of the distribution resolves and starts, and each bundle's plug-in is a service while it runs. */
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

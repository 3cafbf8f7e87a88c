package org.mocha4j.integration;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.mocha4j.api.Plugin;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** A framework that sees nothing of the test's own classes but the logging API and the progress bar. */
public final class FelixRun implements AutoCloseable {
    private final Framework framework;

    public FelixRun(Path cache) throws BundleException {
        Map<String, String> config = new HashMap<>();
        config.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        config.put(Constants.FRAMEWORK_BUNDLE_PARENT, Constants.FRAMEWORK_BUNDLE_PARENT_BOOT);
        config.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
        config.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.slf4j;version=2.0.20,org.slf4j.event;version=2.0.20,"
            + "org.slf4j.spi;version=2.0.20,me.tongfei.progressbar;version=0.10.2,"
            + "org.knowm.xchart,org.knowm.xchart.style,org.knowm.xchart.style.markers,"
            + "org.knowm.xchart.internal.chartpart,org.knowm.xchart.internal,org.knowm.xchart.internal.series");
        framework = new FrameworkFactory().newFramework(config);
        framework.start();
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    public Bundle install(Path jar) throws BundleException {
        return context().installBundle(jar.toUri().toString());
    }

    public void startAll(List<Path> jars) throws BundleException {
        for (Path jar : jars) {
            install(jar);
        }
        for (Bundle bundle : context().getBundles()) {
            bundle.start();
        }
    }

    /** The symbolic names of the bundles that have a plug-in registered, sorted; by the service's properties. */
    public List<String> pluginServices() throws Exception {
        ServiceReference<?>[] found = context().getAllServiceReferences(Plugin.class.getName(), null);
        return found == null ? List.of() : List.of(found).stream()
            .map(r -> (String) r.getProperty("bundle.symbolicName")).sorted().toList();
    }

    /** The plug-in that a bundle has registered now; of that bundle's class loader. */
    public Object pluginOf(Bundle bundle) {
        return List.of(bundle.getRegisteredServices()).stream()
            .filter(r -> List.of((String[]) r.getProperty(Constants.OBJECTCLASS)).contains(Plugin.class.getName()))
            .map(context()::getService).findFirst().orElseThrow();
    }

    @Override public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

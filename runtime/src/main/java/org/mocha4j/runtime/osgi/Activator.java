package org.mocha4j.runtime.osgi;

import org.mocha4j.runtime.PluginSource;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Follows the bundles that provide plug-ins, and publishes them as a {@link PluginSource}. */
public final class Activator implements BundleActivator {
    private PluginTracker tracker;

    @Override public void start(BundleContext context) {
        tracker = new PluginTracker(context);
        tracker.open();
        context.registerService(PluginSource.class, tracker.source(), null);
    }

    @Override public void stop(BundleContext context) {
        tracker.close();
    }
}

package org.mocha4j.runtime.osgi;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mocha4j.api.Plugin;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginSource;
import org.mocha4j.runtime.internal.Providers;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.BundleTracker;

/**
 * The extender: loads the plug-ins of every started bundle with that bundle's class loader, registers each as a service
 * {@link Plugin} with the properties {@code bundle.id}, {@code bundle.symbolicName} and {@code bundle.version}, and
 * withdraws it when the bundle stops.
 */
final class PluginTracker extends BundleTracker<PluginTracker.Provided> {
    /** What one bundle gave. */
    record Provided(List<LoadedPlugin> plugins, List<ServiceRegistration<Plugin>> services) { }

    private final Pins pins;
    private final Map<Long, List<LoadedPlugin>> byBundle = new TreeMap<>();
    private volatile PluginSource.Snapshot snapshot = new PluginSource.Snapshot(0, List.of());

    PluginTracker(BundleContext context) {
        super(context, Bundle.ACTIVE, null);
        pins = new Pins(context);
    }

    PluginSource source() {
        return () -> snapshot;
    }

    @Override public Provided addingBundle(Bundle bundle, BundleEvent event) {
        List<LoadedPlugin> plugins = load(bundle);
        if (plugins.isEmpty()) {
            return null;
        }
        publish(bundle, plugins);
        return new Provided(plugins, register(bundle, plugins));
    }

    @Override public void removedBundle(Bundle bundle, BundleEvent event, Provided provided) {
        publish(bundle, List.of());
        if (event != null) {                                     // null: this tracker closes, the bundle stays
            pins.hold(bundle);
        }
        for (ServiceRegistration<Plugin> service : provided.services()) {
            try {
                service.unregister();
            } catch (IllegalStateException e) {
                continue;                                        // the framework withdrew it before us
            }
        }
    }

    @Override public void close() {
        super.close();
        pins.release();
    }

    private static List<LoadedPlugin> load(Bundle bundle) {
        String origin = bundle.getSymbolicName();
        String version = bundle.getVersion().toString();
        try {
            ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
            return Providers.names(name -> {
                URL entry = bundle.getEntry(name);
                return entry == null ? null : entry.openStream();
            }).stream().map(name -> Providers.instantiate(loader, name, origin, version)).toList();
        } catch (IOException | RuntimeException e) {
            return List.of(LoadedPlugin.failed(origin, version, e));
        }
    }

    private List<ServiceRegistration<Plugin>> register(Bundle bundle, List<LoadedPlugin> plugins) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("bundle.id", bundle.getBundleId());
        properties.put("bundle.symbolicName", bundle.getSymbolicName());
        properties.put("bundle.version", bundle.getVersion());
        BundleContext owner = bundle.getBundleContext();
        List<ServiceRegistration<Plugin>> services = new ArrayList<>();
        for (LoadedPlugin p : plugins) {
            if (p.plugin() != null && owner != null) {
                services.add(owner.registerService(Plugin.class, p.plugin(), properties));
            }
        }
        return services;
    }

    private synchronized void publish(Bundle bundle, List<LoadedPlugin> plugins) {
        if (plugins.isEmpty()) {
            byBundle.remove(bundle.getBundleId());
        } else {
            byBundle.put(bundle.getBundleId(), plugins);
        }
        List<LoadedPlugin> all = byBundle.values().stream().flatMap(List::stream).toList();
        snapshot = new PluginSource.Snapshot(snapshot.generation() + 1, all);
    }
}

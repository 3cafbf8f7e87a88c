package org.mocha4j.runtime.osgi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Keeps the classes of stopped plug-in bundles loadable, for the nets that still run on them. A framework may drop the
 * old content of an updated or uninstalled bundle at once if no other bundle depends on it (Felix does), and with it
 * each class that was not touched yet. So an empty bundle that requires it is resolved before; what it holds goes with
 * the next refresh of packages, as OSGi has it, or when the runtime stops.
 */
final class Pins {
    private final BundleContext context;
    private final List<Bundle> pins = new ArrayList<>();
    private long count;

    Pins(BundleContext context) {
        this.context = context;
    }

    /** To be called while the bundle stops, when its content is still there. */
    synchronized void hold(Bundle bundle) {
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (framework.getState() == Bundle.STOPPING) {
            return;
        }
        try {
            String name = "org.mocha4j.pin." + bundle.getBundleId() + "." + count++;
            Bundle pin = context.installBundle(name, new ByteArrayInputStream(jar(name, bundle)));
            pins.add(pin);
            framework.adapt(FrameworkWiring.class).resolveBundles(List.of(pin));
        } catch (BundleException | IOException e) {
            throw new IllegalStateException("bundle " + bundle + " cannot be kept for the nets that use it", e);
        }
    }

    private static byte[] jar(String name, Bundle bundle) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.REQUIRE_BUNDLE, bundle.getSymbolicName() + ";bundle-version=\"["
            + bundle.getVersion() + "," + bundle.getVersion() + "]\"");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    synchronized void release() {
        for (Bundle pin : pins) {
            try {
                pin.uninstall();
            } catch (BundleException | IllegalStateException e) {
                continue;                                        // somebody removed it, or the framework is gone
            }
        }
        pins.clear();
    }
}

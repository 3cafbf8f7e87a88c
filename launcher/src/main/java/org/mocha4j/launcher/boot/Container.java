package org.mocha4j.launcher.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * The OSGi framework with the distribution's bundles and the user's plug-ins in it. A plug-in that cannot be installed
 * or started is recorded, not fatal: the command gets the record as a service {@code Map} (jar to cause).
 */
final class Container implements AutoCloseable {
    private static final String EXPORTED = String.join(",", "org.slf4j", "org.slf4j.event", "org.slf4j.helpers",
        "org.slf4j.spi").replace(",", ";version=2.0.20,") + ";version=2.0.20,me.tongfei.progressbar;version=0.10.2,"
        + "org.knowm.xchart,org.knowm.xchart.style,org.knowm.xchart.style.markers,org.knowm.xchart.internal.chartpart,"
        + "org.knowm.xchart.internal,org.knowm.xchart.internal.series";            // draws plots; no bundle
    /** The extender in the runtime does for plug-ins what this asks for, so bundles that require it resolve. */
    private static final String EXTENDER =
        "osgi.extender;osgi.extender=\"osgi.serviceloader.registrar\";version:Version=\"1.0\"";

    private final Framework framework;
    private final Scratch scratch;
    private final Map<String, Throwable> failures = new LinkedHashMap<>();

    private Container(Framework framework, Scratch scratch) {
        this.framework = framework;
        this.scratch = scratch;
    }

    static Container start(Path home, List<Path> pluginFolders) throws IOException, BundleException {
        Scratch scratch = Scratch.create();
        Container container = new Container(framework(scratch.folder().resolve("cache")), scratch);
        try {
            container.framework.init();
            container.fill(home, pluginFolders);
            return container;
        } catch (IOException | BundleException | RuntimeException e) {
            container.close();
            throw e;
        }
    }

    private static Framework framework(Path cache) {
        Map<String, String> config = new HashMap<>();
        config.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        config.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        config.put(Constants.FRAMEWORK_BUNDLE_PARENT, Constants.FRAMEWORK_BUNDLE_PARENT_BOOT);
        config.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
        config.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, EXPORTED);
        config.put(Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA, EXTENDER);
        config.put("felix.log.level", "0");                      // failures are reported here, once
        return ServiceLoader.load(FrameworkFactory.class, Container.class.getClassLoader()).findFirst()
            .orElseThrow(() -> new IllegalStateException("no OSGi framework in lib; unpack the distribution again"))
            .newFramework(config);
    }

    private void fill(Path home, List<Path> pluginFolders) throws IOException, BundleException {
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars(home.resolve("bundles"))) {
            bundles.add(context.installBundle("reference:" + jar.toUri()));
        }
        Map<Bundle, Path> plugins = new LinkedHashMap<>();
        List<Path> folders = new ArrayList<>(pluginFolders);
        if (Files.isDirectory(home.resolve("plugins"))) {
            folders.add(0, home.resolve("plugins"));
        }
        for (Path folder : folders) {
            for (Path jar : jars(folder)) {
                install(jar, plugins);
            }
        }
        framework.start();
        context.registerService(Map.class, failures, new Hashtable<>(Map.of("mocha.failures", true)));
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        for (Map.Entry<Bundle, Path> plugin : plugins.entrySet()) {
            try {
                if (plugin.getKey().getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                    plugin.getKey().start();
                }
            } catch (BundleException | RuntimeException | LinkageError e) {
                failures.put(plugin.getValue().toString(), Unresolved.explain(plugin.getKey(), framework, e));
            }
        }
    }

    private void install(Path jar, Map<Bundle, Path> plugins) {
        try {
            Path bundle = PlainJar.asBundle(jar, scratch.folder());
            try (InputStream in = Files.newInputStream(bundle)) { // a copy: the user may replace the jar meanwhile
                plugins.put(framework.getBundleContext().installBundle(jar.toUri().toString(), in), jar);
            }
        } catch (IOException | BundleException | RuntimeException e) {
            failures.put(jar.toString(), e);
        }
    }

    private static Collection<Path> jars(Path folder) throws IOException {
        TreeSet<Path> jars = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jar -> jars.add(jar.toAbsolutePath()));
        } catch (IOException e) {
            throw new IOException("folder of jars " + folder + " cannot be read (" + e.getClass().getSimpleName()
                + "); give an existing folder", e);
        }
        return jars;
    }

    /** The service that runs a command line: a {@code ToIntFunction<String[]>} with the property {@code mocha.command}. */
    @SuppressWarnings("unchecked")
    ToIntFunction<String[]> command() {
        try {
            BundleContext context = framework.getBundleContext();
            ServiceReference<?>[] found =
                context.getServiceReferences(ToIntFunction.class.getName(), "(mocha.command=true)");
            if (found == null) {
                throw new IllegalStateException("the launcher's bundle offers no command; unpack the distribution again");
            }
            return (ToIntFunction<String[]>) context.getService(found[0]);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override public void close() {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(10));
        } catch (BundleException e) {
            System.err.println("mocha: the OSGi framework did not stop: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            scratch.close();
        }
    }
}

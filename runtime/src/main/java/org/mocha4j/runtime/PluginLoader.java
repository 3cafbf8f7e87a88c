package org.mocha4j.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Plugin;
import org.mocha4j.runtime.internal.Providers;

/**
 * Finds plug-ins outside OSGi: on the class path, on the module path, in a folder of jars. One that is broken is in the
 * list with its cause; the others are not disturbed. The context class loader is never asked.
 */
public final class PluginLoader {
    private PluginLoader() { }

    /** Those on the class path or module path that {@code loader} stands for. */
    public static List<LoadedPlugin> load(ClassLoader loader) {
        return drain(ServiceLoader.load(Plugin.class, loader), "class loader "
            + (loader.getName() == null ? loader.getClass().getName() : loader.getName()));
    }

    /** Those in the modules of {@code layer} and its parents. */
    public static List<LoadedPlugin> load(ModuleLayer layer) {
        return drain(ServiceLoader.load(layer, Plugin.class), "module layer " + layer);
    }

    /**
     * Those in the jars of {@code folder}, in the order of the file names. Each jar has its own class loader, a child of
     * the one that has the API, and stays open as long as its plug-ins are in use. A jar that provides none is listed
     * as a failure.
     *
     * @throws ConfigurationException if the folder cannot be listed
     */
    public static List<LoadedPlugin> load(Path folder) {
        List<LoadedPlugin> found = new ArrayList<>();
        for (Path jar : jars(folder)) {
            found.addAll(loadJar(jar));
        }
        return List.copyOf(found);
    }

    private static TreeSet<Path> jars(Path folder) {
        TreeSet<Path> jars = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException e) {
            throw new ConfigurationException("plug-in folder " + folder + " cannot be read; give a folder of jars", e);
        }
        return jars;
    }

    private static List<LoadedPlugin> loadJar(Path jar) {
        String origin = jar.getFileName().toString();
        try {
            new JarFile(jar.toFile()).close();                   // a class loader takes what is no jar for an empty one
            URLClassLoader loader = new URLClassLoader(origin, new URL[] {jar.toUri().toURL()},
                Plugin.class.getClassLoader());
            List<String> names = Providers.names(name -> open(loader.findResource(name)));
            if (names.isEmpty()) {
                loader.close();
                return List.of(LoadedPlugin.failed(origin, "", new ConfigurationException(origin
                    + " has no plug-in; its module-info.java or META-INF/services must provide "
                    + Plugin.class.getName())));
            }
            return names.stream().map(n -> Providers.instantiate(loader, n, origin, null)).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(LoadedPlugin.failed(origin, "", e));
        }
    }

    private static InputStream open(URL url) throws IOException {
        if (url == null) {
            return null;
        }
        var connection = url.openConnection();
        connection.setUseCaches(false);                          // or the jar stays open and cannot be replaced
        return connection.getInputStream();
    }

    private static List<LoadedPlugin> drain(ServiceLoader<Plugin> services, String where) {
        List<LoadedPlugin> found = new ArrayList<>();
        Iterator<ServiceLoader.Provider<Plugin>> providers = services.stream().iterator();
        String last = null;
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return List.copyOf(found);
                }
                found.add(get(providers.next()));
            } catch (ServiceConfigurationError | LinkageError e) {
                if (e.toString().equals(last)) {                 // the look-up itself is broken: it would go on for ever
                    return List.copyOf(found);
                }
                last = e.toString();
                found.add(LoadedPlugin.failed(where, "", e));
            }
        }
    }

    private static LoadedPlugin get(ServiceLoader.Provider<Plugin> provider) {
        Class<? extends Plugin> type = provider.type();
        String origin = Providers.origin(type);
        String version = Providers.version(type);
        try {
            return LoadedPlugin.of(provider.get(), origin, version);
        } catch (ServiceConfigurationError | LinkageError e) {
            return LoadedPlugin.failed(origin, version, e.getCause() == null ? e : e.getCause());
        }
    }
}

package org.mocha4j.it.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.mocha4j.integration.Distribution;
import org.mocha4j.integration.FelixRun;
import org.mocha4j.runtime.PluginSource;
import org.osgi.framework.Bundle;

/**
 * A place where the distribution's jars, the backend {@code odd} and {@link TrainingDriver} live together, apart from
 * the tests.
 */
final class Place implements AutoCloseable {
    private static final String DRIVER = TrainingDriver.class.getName();

    private final Function<Map<String, Object>, Map<String, Object>> driver;
    private final FelixRun felix;
    private final Object plugins;
    private final AutoCloseable end;

    @SuppressWarnings("unchecked")
    private Place(Class<?> driver, FelixRun felix, Object plugins, AutoCloseable end)
        throws ReflectiveOperationException {
        this.driver = (Function<Map<String, Object>, Map<String, Object>>) driver.getConstructor().newInstance();
        this.felix = felix;
        this.plugins = plugins;
        this.end = end;
    }

    /** In OSGi. */
    static Place felix(Path temp, Path... more) throws Exception {
        FelixRun felix = new FelixRun(Files.createTempDirectory(temp, "felix"));
        List<Path> jars = new ArrayList<>(Distribution.bundles());
        jars.add(odd());
        jars.addAll(List.of(more));
        felix.startAll(jars);
        Bundle driver = felix.install(driverJar(temp));
        driver.start();
        var source = felix.context().getAllServiceReferences(PluginSource.class.getName(), null)[0];
        return new Place(driver.loadClass(DRIVER), felix, felix.context().getService(source), felix);
    }

    /** On the class path of a loader of its own. */
    static Place classPath(Path temp, Path... more) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path jar : everything(temp, more)) {
            urls.add(jar.toUri().toURL());
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        return new Place(loader.loadClass(DRIVER), null, loader, loader);
    }

    /** On the module path of a layer of its own. */
    static Place modulePath(Path temp, Path... more) throws Exception {
        ModuleFinder finder = ModuleFinder.of(everything(temp, more).toArray(Path[]::new));
        Configuration modules = ModuleLayer.boot().configuration()
            .resolveAndBind(finder, ModuleFinder.of(), Set.of("org.mocha4j.runtime", "org.mocha4j.it.plugin"));
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithManyLoaders(modules,
            ClassLoader.getPlatformClassLoader());
        return new Place(layer.findLoader("org.mocha4j.it.plugin").loadClass(DRIVER), null, layer, () -> { });
    }

    private static List<Path> everything(Path temp, Path... more) throws IOException {
        return Stream.of(Distribution.bundles().stream(), Distribution.lib().stream(), Arrays.stream(more),
            Stream.of(odd(), driverJar(temp))).flatMap(s -> s).toList();
    }

    private static Path odd() throws IOException {
        return Distribution.jars(Distribution.ROOT.resolve("tests/backend-odd/target")).get(0);
    }

    /** The driver's classes of this build, packed so that every place takes them. */
    private static Path driverJar(Path temp) throws IOException {
        Manifest manifest = new Manifest();
        Map.of("Manifest-Version", "1.0", "Automatic-Module-Name", "org.mocha4j.it.plugin", "Bundle-ManifestVersion",
            "2",
            "Bundle-SymbolicName", "org.mocha4j.it.plugin", "DynamicImport-Package", "*")
            .forEach(manifest.getMainAttributes()::putValue);
        Map<String, byte[]> classes = new TreeMap<>();
        String folder = TrainingDriver.class.getPackageName().replace('.', '/');
        for (String suffix : List.of("", "$1")) {
            String name = folder + "/" + TrainingDriver.class.getSimpleName() + suffix + ".class";
            try (InputStream in = TrainingDriver.class.getClassLoader().getResourceAsStream(name)) {
                classes.put(name, in.readAllBytes());
            }
        }
        return Acme.pack(Files.createTempDirectory(temp, "driver").resolve("driver.jar"), manifest, classes);
    }

    /** Where plug-ins are looked for here. */
    Object plugins() {
        return plugins;
    }

    FelixRun felix() {
        return felix;
    }

    /** Trains a net; further keys and values as {@link TrainingDriver} says. */
    Answer train(Path net, Object... request) {
        Map<String, Object> all = new LinkedHashMap<>(Map.of("plugins", plugins, "net", net));
        for (int i = 0; i < request.length; i += 2) {
            all.put((String) request[i], request[i + 1]);
        }
        return new Answer(driver.apply(all));
    }

    /** The states of the plug-ins from here and elsewhere. */
    Answer plugins(Object... from) {
        return new Answer(driver.apply(Map.of("plugins", List.of(from))));
    }

    @Override
    public void close() throws Exception {
        end.close();
    }

    /** What the driver answered. */
    record Answer(Map<String, Object> all) {
        double[] losses() {
            return (double[]) all.get("losses");
        }

        double[] scores() {
            return (double[]) all.get("scores");
        }

        @SuppressWarnings("unchecked")
        List<String> explain() {
            return (List<String>) all.get("explain");
        }

        @SuppressWarnings("unchecked")
        List<String> plugins() {
            return (List<String>) all.get("plugins");
        }

        @SuppressWarnings("unchecked")
        Map<String, double[]> parameters() {
            return (Map<String, double[]>) all.get("parameters");
        }

        /** Everything that was computed, as text, so that two answers can be compared to the bit. */
        String bits() {
            StringBuilder text = new StringBuilder(Arrays.toString(losses())).append(Arrays.toString(scores()));
            parameters().forEach((name, values) -> text.append('\n').append(name).append(Arrays.toString(values)));
            return text.toString();
        }
    }
}

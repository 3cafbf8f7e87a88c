package org.mocha4j.integration;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A program that prints what the backend cuda says on the class path, on that of a second loader, and on the module path,
 * all in one JVM.
 */
public final class CudaPlaces {
    private CudaPlaces() { }

    public static void main(String[] args) throws Exception {
        List<Path> jars = Stream.concat(Distribution.bundles().stream(), Distribution.lib().stream()).toList();
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        for (int i = 0; i < 2; i++) {
            ClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            System.out.println(probe(loader, ClassLoader.class, loader));
        }
        Configuration modules = ModuleLayer.boot().configuration().resolveAndBind(
            ModuleFinder.of(jars.toArray(Path[]::new)), ModuleFinder.of(), Set.of("org.mocha4j.runtime"));
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithManyLoaders(modules,
            ClassLoader.getPlatformClassLoader());
        System.out.println(probe(layer.findLoader("org.mocha4j.runtime"), ModuleLayer.class, layer));
    }

    /** The text of the record {@code Availability}. */
    private static Object probe(ClassLoader runtime, Class<?> type, Object from) throws Exception {
        Object plugins = runtime.loadClass("org.mocha4j.runtime.PluginLoader").getMethod("load", type)
            .invoke(null, from);
        Class<?> catalog = runtime.loadClass("org.mocha4j.runtime.Catalog");
        Object backend = catalog.getMethod("backend", String.class)
            .invoke(catalog.getMethod("of", List.class).invoke(null, plugins), "cuda");
        return runtime.loadClass("org.mocha4j.api.backend.Backend").getMethod("probe").invoke(backend);
    }
}

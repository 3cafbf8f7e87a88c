package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same jars on the module path and on the class path, with a plug-in of a third party beside them. */
class PathsIT {
    @TempDir Path temp;

    @Test void onTheModulePath() throws Exception {
        Path acme = ThirdParty.modular(temp.resolve("acme.jar"));
        Set<Path> jars = everything(acme);
        ModuleFinder finder = ModuleFinder.of(jars.toArray(Path[]::new));
        Configuration modules = ModuleLayer.boot().configuration()
            .resolveAndBind(finder, ModuleFinder.of(), Set.of("org.mocha4j.runtime"));
        ModuleLayer layer = ModuleLayer.boot().defineModulesWithOneLoader(modules,
            ClassLoader.getPlatformClassLoader());
        ClassLoader loader = layer.findLoader("org.mocha4j.runtime");
        assertEquals(withAcme("acme"), origins(load(loader, ModuleLayer.class, layer)));
    }

    @Test void onTheClassPath() throws Exception {
        Path acme = ThirdParty.plain(temp.resolve("acme.jar"), "");
        List<URL> urls = new ArrayList<>();
        for (Path jar : everything(acme)) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            List<String> origins = origins(load(loader, ClassLoader.class, loader));
            assertEquals(withAcme("acme.jar").size(), origins.size(), origins.toString());
            assertTrue(origins.contains("acme.jar"), origins.toString());
        }
    }

    @Test void aFolderOfJarsOutsideOsgi() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("plugins"));
        ThirdParty.plain(folder.resolve("a.jar"), "");
        ThirdParty.modular(folder.resolve("b.jar"));
        ThirdParty.plain(folder.resolve("c.jar"), "if (true) throw new IllegalStateException(\"no licence\");");
        Files.writeString(folder.resolve("d.jar"), "not a jar");
        ThirdParty.jar(folder.resolve("e.jar"), null, java.util.Map.of("e/A.java", "package e; class A { }"),
            java.util.Map.of());
        List<URL> urls = new ArrayList<>();
        for (Path jar : everything(null)) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            List<?> found = load(loader, Path.class, folder);
            assertEquals(List.of("a.jar", "b.jar", "c.jar broken: java.lang.IllegalStateException: no licence",
                "d.jar broken: java.util.zip.ZipException: zip END header not found",
                "e.jar broken: org.mocha4j.api.ConfigurationException: e.jar has no plug-in; its module-info.java or "
                + "META-INF/services must provide org.mocha4j.api.Plugin"), origins(found));
        }
    }

    @Test void theCommandStartsAsAModule() throws Exception {
        String path = everything(null).stream().map(Path::toString)
            .collect(Collectors.joining(System.getProperty("path.separator")));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--module-path", path, "-m", "org.mocha4j.launcher/org.mocha4j.launcher.boot.Main", "--version")
            .redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), out);
        assertTrue(out.startsWith("mocha "), out);
    }

    private static Set<Path> everything(Path more) throws Exception {
        Stream<Path> ours = Stream.concat(Distribution.bundles().stream(), Distribution.lib().stream());
        return Stream.concat(ours, more == null ? Stream.of() : Stream.of(more)).collect(Collectors.toSet());
    }

    private static List<?> load(ClassLoader runtime, Class<?> type, Object from) throws Exception {
        return (List<?>) runtime.loadClass("org.mocha4j.runtime.PluginLoader").getMethod("load", type)
            .invoke(null, from);
    }

    private static List<String> origins(List<?> loaded) throws Exception {
        List<String> origins = new ArrayList<>();
        for (Object p : loaded) {
            Object failure = p.getClass().getMethod("failure").invoke(p);
            origins.add(p.getClass().getMethod("origin").invoke(p) + (failure == null ? "" : " broken: " + failure));
        }
        return origins.stream().sorted().toList();
    }

    private static List<String> withAcme(String name) throws Exception {
        return Stream.concat(BundlesIT.declared().stream(), Stream.of(name)).sorted().toList();
    }
}

package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.mocha4j.integration.Distribution;

/**
 * The example of a third party's plug-in, compiled from its sources against the API's jar and {@code java.base} alone,
 * and packed in each of the three ways. Edits of a source make other versions of it.
 */
final class Acme {
    static final Path SOURCES = Distribution.ROOT.resolve("tests/integration/src/test/plugins/acme");
    static final Path API = Distribution.bundle("mocha4j-api");
    private static final String MODULE = "module-info.java";
    private static final String SERVICE = "META-INF/services/org.mocha4j.api.Plugin";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final Path work;
    private final Map<String, String> files = new TreeMap<>();
    private final List<String> omitted = new ArrayList<>();

    /** @param work an own folder for this */
    Acme(Path work) throws IOException {
        this.work = Files.createDirectories(work);
        try (Stream<Path> found = Files.walk(SOURCES)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(SOURCES.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
    }

    /** Changes a file; one that stays the same is a mistake of the test. */
    Acme edit(String file, UnaryOperator<String> change) {
        String before = files.get(file);
        files.put(file, change.apply(before));
        assertNotEquals(before, files.get(file), file);
        return this;
    }

    /** Changes a class of the package. */
    Acme replace(String type, String old, String by) {
        return edit("com/acme/mocha/" + type + ".java", text -> text.replace(old, by));
    }

    /** Adds a source. */
    Acme add(String file, String text) {
        files.put(file, text);
        return this;
    }

    /** Leaves classes out of the jar. */
    Acme without(String path) {
        omitted.add(path);
        return this;
    }

    /** A jar that knows nothing of modules or OSGi. */
    Path plain(Path jar) throws IOException {
        return pack(jar, false, null, List.of(SERVICE));
    }

    /** A module, without a service file. */
    Path modular(Path jar) throws IOException {
        return pack(jar, true, null, List.of());
    }

    /** An OSGi bundle. */
    Path bundle(Path jar, String version) throws IOException {
        Manifest manifest;
        try (InputStream in = new java.io.ByteArrayInputStream(files.get(MANIFEST).getBytes())) {
            manifest = new Manifest(in);
        }
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        return pack(jar, false, manifest, List.of(SERVICE));
    }

    private Path pack(Path jar, boolean asModule, Manifest manifest, List<String> resources) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        resources.forEach(name -> content.put(name, files.get(name).getBytes()));
        Path classes = compile(asModule);
        try (Stream<Path> found = Files.walk(classes)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                content.put(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        content.keySet().removeIf(name -> omitted.stream().anyMatch(name::startsWith));
        return pack(jar, manifest, content);
    }

    static Path pack(Path jar, Manifest manifest, Map<String, byte[]> content) throws IOException {
        Files.createDirectories(jar.toAbsolutePath().getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = manifest == null ? new JarOutputStream(file)
                    : new JarOutputStream(file, manifest)) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }

    private Path compile(boolean asModule) throws IOException {
        Path folder = Files.createTempDirectory(work, "compile");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (file.getKey().endsWith(".java") && (asModule || !file.getKey().equals(MODULE))) {
                Path source = folder.resolve(file.getKey());
                Files.createDirectories(source.getParent());
                sources.add(Files.writeString(source, file.getValue()));
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(said, null, null)) {
            var seen = asModule ? StandardLocation.MODULE_PATH : StandardLocation.CLASS_PATH;
            manager.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
            manager.setLocationFromPaths(seen, List.of(API));
            manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            assertEquals(asModule ? List.of() : List.of(API), paths(manager, StandardLocation.CLASS_PATH));
            assertEquals(asModule ? List.of(API) : List.of(), paths(manager, StandardLocation.MODULE_PATH));
            compiler.getTask(null, manager, said, List.of("--release", "17", "--limit-modules",
                asModule ? "java.base,org.mocha4j.api" : "java.base", "-Xlint:all,-missing-explicit-ctor",
                "-proc:none"), null,
                manager.getJavaFileObjectsFromPaths(sources)).call();
        }
        assertEquals(List.of(), said.getDiagnostics());
        return classes;
    }

    private static List<Path> paths(StandardJavaFileManager manager, StandardLocation location) {
        List<Path> paths = new ArrayList<>();
        Iterable<? extends Path> found = manager.getLocationAsPaths(location);
        if (found != null) {
            found.forEach(paths::add);
        }
        return paths;
    }
}

package org.mocha4j.launcher.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;

/**
 * Makes a bundle of a jar that is none: the same entries under a manifest with a symbolic name (that of the module, if it
 * is or says one, else the file's), and leave to import any package that is there.
 */
final class PlainJar {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?.*");

    private PlainJar() { }

    /** The jar itself if it is a bundle; otherwise a wrapped copy in {@code folder}. */
    static Path asBundle(Path jar, Path folder) throws IOException {
        try (JarFile in = new JarFile(jar.toFile(), false)) {
            Manifest manifest = in.getManifest() == null ? new Manifest() : in.getManifest();
            Attributes main = manifest.getMainAttributes();
            if (main.getValue("Bundle-SymbolicName") != null) {
                return jar;
            }
            main.putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
            Identity identity = identity(jar, main);
            main.putValue("Bundle-ManifestVersion", "2");
            main.putValue("Bundle-SymbolicName", identity.name());
            main.putValue("Bundle-Version", version(identity.version()));
            main.putValue("DynamicImport-Package", "*");
            manifest.getEntries().clear();                       // digests of the signature that is left out
            Path copy = Files.createTempFile(folder, "wrapped", ".jar");
            write(in, manifest, Files.newOutputStream(copy));
            return copy;
        }
    }

    private record Identity(String name, String version) { }

    private static Identity identity(Path jar, Attributes main) {
        try {
            ModuleDescriptor module = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
            return new Identity(module.name(), module.rawVersion().orElse(null));
        } catch (FindException e) {                              // what cannot be a module can still be a bundle
            String name = jar.getFileName().toString().replaceAll("\\.jar$", "").replaceAll("[^A-Za-z0-9_-]", "_");
            return new Identity(name, main.getValue(Attributes.Name.IMPLEMENTATION_VERSION));
        }
    }

    private static String version(String text) {
        Matcher m = VERSION.matcher(text == null ? "" : text);
        return m.matches() ? m.group(1) + "." + (m.group(2) == null ? "0" : m.group(2)) + "."
            + (m.group(3) == null ? "0" : m.group(3)) : "0.0.0";
    }

    private static void write(JarFile in, Manifest manifest, OutputStream target) throws IOException {
        try (JarOutputStream out = new JarOutputStream(target, manifest)) {
            out.setLevel(Deflater.BEST_SPEED);
            for (JarEntry entry : (Iterable<JarEntry>) in.stream()::iterator) {
                String name = entry.getName();
                if (name.equals(JarFile.MANIFEST_NAME) || name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")) {
                    continue;
                }
                out.putNextEntry(new JarEntry(name));
                try (InputStream content = in.getInputStream(entry)) {
                    content.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }
}

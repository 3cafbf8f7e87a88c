package org.mocha4j.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Jars of a third party, compiled here against the API's jar alone. */
final class ThirdParty {
    private static final String SERVICE = "META-INF/services/org.mocha4j.api.Plugin";

    private ThirdParty() { }

    /** The source of a plug-in {@code acme.AcmePlugin} that offers nothing, with {@code body} in its constructor. */
    static String plugin(String body) {
        return """
            package acme;
            import org.mocha4j.api.*;
            public final class AcmePlugin implements Plugin {
                public AcmePlugin() { %s }
                public PluginInfo info() { return new PluginInfo("acme", "1.0", "Parts by Acme"); }
                public void register(Registrar r) { }
            }
            """.formatted(body);
    }

    /** An OSGi bundle {@code acme}. */
    static Path bundle(Path jar, String version) throws IOException {
        return bundle(jar, version, Map.of("acme/AcmePlugin.java", plugin("")));
    }

    /** An OSGi bundle {@code acme} of these sources, one of which is the plug-in. */
    static Path bundle(Path jar, String version, Map<String, String> sources) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "acme");
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "org.mocha4j.api,jdk.incubator.vector;resolution:=optional");
        return jar(jar, manifest, sources, Map.of(SERVICE, "acme.AcmePlugin\n"));
    }

    /** A jar that knows nothing of OSGi or modules. */
    static Path plain(Path jar, String constructor) throws IOException {
        return jar(jar, null, Map.of("acme/AcmePlugin.java", plugin(constructor)),
            Map.of(SERVICE, "# by Acme\nacme.AcmePlugin\n"));
    }

    /** A module, without a service file. */
    static Path modular(Path jar) throws IOException {
        return jar(jar, null, Map.of("acme/AcmePlugin.java", plugin(""), "module-info.java", """
            module acme {
                requires org.mocha4j.api;
                provides org.mocha4j.api.Plugin with acme.AcmePlugin;
            }
            """), Map.of());
    }

    /** Compiles {@code sources} (path to text) and packs them with {@code resources}. */
    static Path jar(Path jar, Manifest manifest, Map<String, String> sources, Map<String, String> resources)
        throws IOException {
        Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "compile");
        List<String> args = new ArrayList<>(List.of("-d", work.resolve("out").toString(), "--release", "17",
            "-proc:none",
            sources.containsKey("module-info.java") ? "--module-path" : "--class-path",
            Distribution.bundle("mocha4j-api").toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = work.resolve("src").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            args.add(Files.writeString(file, source.getValue()).toString());
        }
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the third party's sources do not compile");
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = manifest == null ? new JarOutputStream(file)
                    : new JarOutputStream(file, manifest)) {
            for (Map.Entry<String, byte[]> entry : content(work.resolve("out"), resources).entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }

    private static Map<String, byte[]> content(Path classes, Map<String, String> resources) throws IOException {
        Map<String, byte[]> content = new TreeMap<>();
        resources.forEach((name, text) -> content.put(name, text.getBytes()));
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return content;
    }
}

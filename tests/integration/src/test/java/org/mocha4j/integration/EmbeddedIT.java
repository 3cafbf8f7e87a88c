package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** The code of docs/embedding.md as it stands there, in every place that the page names. */
class EmbeddedIT {
    private static final Path PAGE = Path.of(System.getProperty("mocha.root")).resolve("docs/embedding.md").normalize();
    private static final String ANSWERS = "1 xor 0 is 1\n1 xor 1 is 0\n";
    @TempDir Path temp;

    @Test void onTheClassPathWithAFolderOfPlugins() throws Exception {
        Path classes = JavaRun.compile(temp, JavaRun.jars(), blocks("Xor", "Main"));
        Path folder = Files.createDirectory(temp.resolve("plugins"));
        ThirdParty.plain(folder.resolve("acme.jar"), "");
        Files.writeString(folder.resolve("text.jar"), "not a jar");
        String out = JavaRun.java(temp, "-cp", classes + File.pathSeparator + JavaRun.path(JavaRun.jars()), "host.Main",
            folder.toString());
        assertTrue(out.endsWith(ANSWERS), out);
        assertTrue(out.lines().anyMatch(line -> line.startsWith("acme.jar")), out);
        assertTrue(out.lines().anyMatch(line -> line.startsWith("text.jar (java.util.zip.ZipException: ")), out);
    }

    @Test void onTheModulePath() throws Exception {
        Path classes = JavaRun.compile(temp, JavaRun.jars(), blocks("Xor", "Main", "module-info"));
        String out = JavaRun.java(temp, "-p", classes + File.pathSeparator + JavaRun.path(JavaRun.jars()),
            "-m", "host/host.Main");
        assertTrue(out.endsWith(ANSWERS), out);
        assertTrue(out.lines().anyMatch(line -> line.startsWith("org.mocha4j.cpu")), out);
    }

    @Test void inOsgi() throws Exception {
        List<Path> compiling = new ArrayList<>(JavaRun.jars());
        compiling.add(Path.of(Bundle.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
        Path classes = JavaRun.compile(temp, compiling, blocks("Xor", "HostActivator"));
        Path jar = bundle(classes, Fence.of(PAGE, "manifest").get(0).text());
        try (FelixRun felix = new FelixRun(temp.resolve("cache"))) {
            felix.startAll(Distribution.bundles().stream()
                .filter(b -> !b.getFileName().toString().matches("(mocha4j-launcher|picocli).*")).toList());
            Bundle host = felix.install(jar);
            host.start();
            ServiceReference<?> service = felix.context().getServiceReference(BiPredicate.class.getName());
            assertEquals(host, service.getBundle());
            @SuppressWarnings("unchecked")
            BiPredicate<Boolean, Boolean> xor = (BiPredicate<Boolean, Boolean>) felix.context().getService(service);
            List<Boolean> answers = Stream.of(false, true)
                .flatMap(a -> Stream.of(false, true).map(b -> xor.test(a, b))).toList();
            assertEquals(List.of(false, true, true, false), answers);
            host.stop();
            assertEquals(Bundle.RESOLVED, host.getState());
        }
    }

    private static List<Fence> blocks(String... names) throws Exception {
        List<Fence> found = new ArrayList<>();
        for (String name : names) {
            found.add(Fence.of(PAGE, "java").stream().filter(b -> b.sourceFile().endsWith(name + ".java")).findFirst()
                .orElseThrow(() -> new AssertionError(PAGE + " has no block of " + name)));
        }
        return found;
    }

    private Path bundle(Path classes, String manifest) throws Exception {
        Path jar = temp.resolve("host.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file,
                    new Manifest(new ByteArrayInputStream(manifest.getBytes())));
                Stream<Path> files = Files.walk(classes)) {
            for (Path f : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(f).toString().replace('\\', '/')));
                out.write(Files.readAllBytes(f));
                out.closeEntry();
            }
        }
        return jar;
    }
}

package org.mocha4j.gputest;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Java runtimes of this JDK with a few modules, made once for each set of modules. */
final class Runtimes {
    /** What jdeps does not see: they are asked for by name, or for the speed of the backend cpu. */
    private static final List<String> MORE = List.of("jdk.incubator.vector", "jdk.unsupported", "jdk.zipfs");

    /** Libraries for windows and sound, and one for functions that no kernel here calls. */
    private static final String NO_FILES =
            "**libawt_xawt.so,**libjawt.so,**libsplashscreen.so,**libjsound.so,**libjsvml.so";

    private final Path cache;

    Runtimes(Path cache) {
        this.cache = cache;
    }

    /** Puts {@code runtime} and {@code jvm.options} into a folder that has these jars. */
    void copy(List<Path> jars, Path folder) throws IOException {
        Set<String> modules = new TreeSet<>(MORE);
        modules.addAll(needed(jars));
        Path made = cache.resolve(Runtime.version() + "-" + Integer.toHexString((modules + NO_FILES).hashCode()));
        if (!Files.exists(made.resolve("bin/java"))) {
            Path part = cache.resolve("part-" + ProcessHandle.current().pid());
            run("jlink", List.of("--add-modules", String.join(",", modules), "--strip-debug", "--no-man-pages",
                    "--no-header-files", Runtime.version().feature() < 21 ? "--compress=2" : "--compress=zip-9",
                    "--exclude-files=" + NO_FILES, "--output", part.toString()));
            Files.move(part, made);
        }
        Packer.copy(made, folder.resolve("runtime"));
        List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true", "-XX:-UsePerfData"));
        if (Runtime.version().feature() >= 23) {
            options.add("--sun-misc-unsafe-memory-access=allow");
        }
        Files.write(folder.resolve("jvm.options"), options);
    }

    /**
     * By jdeps, which sees the classes of all jars in one folder, since some are modules that require others by name.
     */
    private static List<String> needed(List<Path> jars) throws IOException {
        Path classes = Files.createTempDirectory("gpu-test-classes");
        try {
            for (Path jar : jars) {
                unpack(jar, classes);
            }
            String found = run("jdeps", List.of("--print-module-deps", "--ignore-missing-deps", classes.toString()))
                    .strip();
            return List.of(found.substring(found.lastIndexOf('\n') + 1).split(","));
        } finally {
            Packer.delete(classes);
        }
    }

    private static void unpack(Path jar, Path to) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry e : zip.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                Path target = to.resolve(e.getName()).normalize();
                if (!e.getName().startsWith("META-INF/") && !e.getName().equals("module-info.class")
                        && target.startsWith(to)) {
                    Files.createDirectories(target.getParent());
                    try (InputStream in = zip.getInputStream(e)) {
                        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private static String run(String tool, List<String> arguments) {
        ToolProvider t = ToolProvider.findFirst(tool).orElseThrow(() -> new IllegalStateException("there is no " + tool
                + " in the Java at " + System.getProperty("java.home") + "; set JAVA_HOME to a JDK"));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int code = t.run(out, out, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(tool + " ended with " + code + ": " + said);
        }
        return said.toString();
    }
}

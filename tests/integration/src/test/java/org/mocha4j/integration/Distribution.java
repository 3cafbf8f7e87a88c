package org.mocha4j.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The distribution that the launcher's build left. */
public final class Distribution {
    /** Of the whole project. */
    public static final Path ROOT = Path.of(System.getProperty("mocha.root")).normalize();
    public static final Path HOME = ROOT.resolve("launcher/target/mocha");

    private Distribution() { }

    public static List<Path> bundles() throws IOException {
        return jars(HOME.resolve("bundles"));
    }

    public static List<Path> lib() throws IOException {
        return jars(HOME.resolve("lib"));
    }

    public static Path bundle(String name) {
        return HOME.resolve("bundles").resolve(name + ".jar");
    }

    public static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
    }
}

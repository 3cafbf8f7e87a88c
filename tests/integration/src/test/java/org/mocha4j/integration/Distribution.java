package org.mocha4j.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The distribution that the launcher's build left. */
final class Distribution {
    static final Path HOME = Path.of(System.getProperty("mocha.root")).resolve("launcher/target/mocha").normalize();

    private Distribution() { }

    static List<Path> bundles() throws IOException {
        return jars(HOME.resolve("bundles"));
    }

    static List<Path> lib() throws IOException {
        return jars(HOME.resolve("lib"));
    }

    static Path bundle(String name) {
        return HOME.resolve("bundles").resolve(name + ".jar");
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        }
    }
}

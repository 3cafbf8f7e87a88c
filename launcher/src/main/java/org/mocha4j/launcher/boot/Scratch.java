package org.mocha4j.launcher.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for this run only, deleted at its end, also when the JVM is interrupted. */
record Scratch(Path folder) implements AutoCloseable {
    static Scratch create() throws IOException {
        Scratch scratch = new Scratch(Files.createTempDirectory("mocha-"));
        Runtime.getRuntime().addShutdownHook(new Thread(scratch::close, "mocha-scratch"));
        return scratch;
    }

    @Override public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            return;                                              // gone already, or left to the system's own clean-up
        }
    }
}

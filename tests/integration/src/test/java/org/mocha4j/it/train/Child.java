package org.mocha4j.it.train;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that runs {@link Saving} or another program, and what it has said. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader reader;
    private final Path errors;
    final List<String> lines = new ArrayList<>();

    private Child(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        reader = process.inputReader();
    }

    /** The command that runs it in a JVM as this one is. */
    static List<String> command(Object... args) {
        return of(Saving.class, args);
    }

    /** The same for another main class. */
    static List<String> of(Class<?> main, Object... args) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(),
                "-Xmx2g", "-Dorg.slf4j.simpleLogger.logFile=System.err", "-Dorg.slf4j.simpleLogger.log.io.jhdf=error",
                "--add-modules", "ALL-SYSTEM", "-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object a : args) {
            command.add(a.toString());
        }
        return command;
    }

    static Child start(Path folder, List<String> command) throws IOException {
        Path errors = Files.createTempFile(folder, "child", ".err");
        return new Child(new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /** Reads up to a line that starts with a text, and returns the rest of that line. */
    String expect(String start) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
        }
        return fail("no line [" + start + "…] in " + lines + "\n" + Files.readString(errors));
    }

    /** SIGKILL; then what else it had said. */
    void kill() throws Exception {
        process.toHandle().destroyForcibly();                    // the process's own method would close the pipe
        end();
        assertTrue(process.exitValue() != 0, "it ended by itself: " + lines);
    }

    /** Waits for its end. @return the exit code */
    int end() throws Exception {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "no end");
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        reader.close();
    }
}

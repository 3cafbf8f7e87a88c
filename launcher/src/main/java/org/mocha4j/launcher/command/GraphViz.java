package org.mocha4j.launcher.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.mocha4j.api.ConfigurationException;

/** GraphViz's program {@code dot}, where it is installed. */
final class GraphViz {
    private GraphViz() { }

    /**
     * Draws a graph.
     *
     * @param environment whose PATH is searched
     * @throws ConfigurationException if the program is not there or fails
     */
    static byte[] svg(String graph, Map<String, String> environment) throws IOException {
        Path program = program(environment.getOrDefault("PATH", ""));
        Path text = Files.createTempFile("mocha-", ".dot");
        Path picture = Files.createTempFile("mocha-", ".svg");
        Path messages = Files.createTempFile("mocha-", ".txt");
        try {
            Files.writeString(text, graph);
            Process p = new ProcessBuilder(program.toString(), "-Tsvg", text.toString())
                .redirectOutput(picture.toFile()).redirectError(messages.toFile()).start();
            if (p.waitFor() != 0) {
                throw new ConfigurationException(program + " failed with exit code " + p.exitValue() + ": "
                    + new String(Files.readAllBytes(messages), StandardCharsets.UTF_8).strip()
                        .replaceAll("\\s*\\R\\s*", "; "));
            }
            return Files.readAllBytes(picture);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " was drawing", e);
        } finally {
            Files.delete(text);
            Files.delete(picture);
            Files.delete(messages);
        }
    }

    private static Path program(String path) {
        for (String folder : path.split(File.pathSeparator)) {
            for (String name : new String[] {"dot", "dot.exe"}) {
                Path p = Path.of(folder, name);
                if (!folder.isEmpty() && Files.isRegularFile(p) && Files.isExecutable(p)) {
                    return p;
                }
            }
        }
        throw new ConfigurationException("a picture needs GraphViz's program dot, which is in no folder of PATH; "
            + "install it, such as by 'apt-get install graphviz', or ask for a .dot file");
    }
}

package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Programs of users: compiled against the distribution's jars, without the launcher, and run in a process of their own.
 */
public final class JavaRun {
    /** jhdf's jar has settings for slf4j-simple that write its whole log to standard output. */
    private static final String[] QUIET = {"-Dorg.slf4j.simpleLogger.logFile=System.err",
        "-Dorg.slf4j.simpleLogger.log.io.jhdf=error"};

    private JavaRun() { }

    /** The jars that a program needs which embeds the runtime. */
    static List<Path> jars() throws IOException {
        return Stream.concat(Distribution.bundles().stream(), Distribution.lib().stream())
            .filter(jar -> !jar.getFileName().toString().matches("(mocha4j-launcher|picocli|progressbar|jline).*")
                && !jar.getFileName().toString().startsWith("org.apache.felix")).toList();
    }

    static String path(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Compiles blocks into a folder {@code classes} of {@code work}; as a module if one of them is a module-info. */
    static Path compile(Path work, List<Path> jars, List<Fence> blocks) throws IOException {
        boolean modular = blocks.stream().anyMatch(b -> b.sourceFile().equals("module-info.java"));
        Path classes = Files.createDirectories(work.resolve("classes"));
        List<String> args = new ArrayList<>(List.of("-d", classes.toString(), "--release", "17", "-proc:none",
            modular ? "--module-path" : "--class-path", path(jars)));
        for (Fence block : blocks) {
            Path file = work.resolve("src").resolve(block.sourceFile());
            Files.createDirectories(file.getParent());
            args.add(Files.writeString(file, block.text()).toString());
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new)),
            "does not compile: " + blocks);
        return classes;
    }

    /** Runs {@code java} in a folder and returns what it prints, without the log; it must end well. */
    public static String java(Path folder, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
            .toString()));
        command.addAll(List.of(QUIET));
        command.addAll(List.of(args));
        Path out = Files.createTempFile(folder, "run", ".out");
        Path err = Files.createTempFile(folder, "run", ".err");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile())
            .redirectError(err.toFile()).start();
        try {
            assertTrue(process.waitFor(300, TimeUnit.SECONDS), () -> "no end: " + command);
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), Files.readString(out) + Files.readString(err));
        return Files.readString(out);
    }

    /** Runs the main method of a class of the tests on the class path, with the Vector API. */
    static String example(Class<?> main, Path folder, String... args) throws Exception {
        Path own = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> all = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector", "-cp",
            own + File.pathSeparator + path(jars()), main.getName()));
        all.addAll(List.of(args));
        return java(folder, all.toArray(String[]::new));
    }

    /** The figure of the only line {@code Accuracy (avg over 10000) = 96.0500%}, in percent. */
    static double accuracy(String out, int samples) {
        Matcher m = Pattern.compile("Accuracy \\(avg over " + samples + "\\) = (\\d+\\.\\d{4})%\\R?").matcher(out);
        assertTrue(m.matches(), out);
        return Double.parseDouble(m.group(1));
    }
}

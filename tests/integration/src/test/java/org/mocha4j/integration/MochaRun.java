package org.mocha4j.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * One run of the distribution's {@code mocha} in a process of its own, on the JDK of the tests.
 *
 * @param code the exit code
 */
public record MochaRun(int code, String out, String err) {
    public static MochaRun of(Path home, Map<String, String> environment, String... args)
        throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return script(home.resolve(windows ? "bin/mocha.cmd" : "bin/mocha"), environment, args);
    }

    public static MochaRun script(Path script, Map<String, String> environment, String... args)
        throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        Path out = Files.createTempFile("mocha-it", ".out");
        Path err = Files.createTempFile("mocha-it", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MOCHA_PLUGINS");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            Assertions.assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "no end: " + command);
            return new MochaRun(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    public static MochaRun of(String... args) throws IOException, InterruptedException {
        return of(Distribution.HOME, Map.of(), args);
    }
}

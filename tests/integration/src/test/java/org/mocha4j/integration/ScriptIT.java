package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script in a clone, with a Maven that only counts its calls and copies the distribution to where it belongs. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "mocha.cmd builds only if the distribution is missing")
class ScriptIT {
    @TempDir Path temp;
    private Path clone;
    private Path calls;

    @BeforeEach void makeClone() throws Exception {
        clone = Files.createDirectories(temp.resolve("my clone"));
        calls = temp.resolve("calls");
        Files.createDirectories(clone.resolve("launcher"));
        Files.createDirectories(clone.resolve("api/src"));
        Files.writeString(clone.resolve("api/src/Some.java"), "");
        Files.copy(Distribution.HOME.resolve("bin/mocha"), clone.resolve("launcher/mocha"),
            StandardCopyOption.COPY_ATTRIBUTES);
        mvn("mkdir -p launcher/target && rm -rf launcher/target/mocha && cp -r '" + Distribution.HOME
            + "' launcher/target/mocha && touch launcher/target/mocha/bundles");
    }

    private void mvn(String action) throws Exception {
        Path mvn = Files.createDirectories(temp.resolve("tools")).resolve("mvn");
        Files.writeString(mvn, "#!/bin/sh\necho \"$@\" >> '" + calls + "'\n" + action + "\n");
        assertTrue(mvn.toFile().setExecutable(true));
    }

    private MochaRun run(Path script, String... args) throws Exception {
        return MochaRun.script(script, Map.of("PATH", temp.resolve("tools") + ":" + System.getenv("PATH")), args);
    }

    private List<String> calls() throws Exception {
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test void buildsWhatIsMissingOnce() throws Exception {
        MochaRun first = run(clone.resolve("launcher/mocha"), "--version");
        assertEquals(0, first.code(), first.err());
        assertEquals("mocha: building (mvn package, without tests; the first time takes a few minutes) ...",
            first.err().strip());
        assertTrue(first.out().startsWith("mocha "), first.out());
        MochaRun second = run(clone.resolve("launcher/mocha"), "--version");
        assertEquals(List.of(0, ""), List.of(second.code(), second.err()));
        assertEquals(List.of("-q -B -pl launcher -am -DskipTests -Dnative.target=own package"), calls());
    }

    @Test void buildsAgainAfterAnEdit() throws Exception {
        run(clone.resolve("launcher/mocha"), "--version");
        Files.setLastModifiedTime(clone.resolve("api/src/Some.java"), FileTime.from(Instant.now().plusSeconds(5)));
        run(clone.resolve("launcher/mocha"), "--version");
        assertEquals(2, calls().size());
    }

    @Test void saysWhyTheBuildFailed() throws Exception {
        mvn("echo 'Some.java: that is no Java'; exit 1");
        MochaRun run = run(clone.resolve("launcher/mocha"), "plugins");
        assertEquals(1, run.code());
        assertTrue(run.err().endsWith("Some.java: that is no Java\nmocha: the build failed, see above\n"), run.err());
    }

    @Test void worksThroughSymbolicLinks() throws Exception {
        Path first = Files.createSymbolicLink(temp.resolve("first"), clone.resolve("launcher/mocha"));
        Path second = Files.createSymbolicLink(temp.resolve("second"), Path.of(first.getFileName().toString()));
        MochaRun run = run(second, "plugins");
        assertEquals(0, run.code(), run.err());
        assertEquals(1, calls().size());
    }

    @Test void refusesAnOldJava() throws Exception {
        Path jdk = Files.createDirectories(temp.resolve("jdk/bin")).getParent();
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\n");
        assertTrue(jdk.resolve("bin/java").toFile().setExecutable(true));
        MochaRun run = MochaRun.of(Distribution.HOME, Map.of("JAVA_HOME", jdk.toString()), "plugins");
        assertEquals(1, run.code());
        assertEquals("mocha: Java 11 at " + jdk + "/bin/java is too old; set JAVA_HOME to a JDK 17 or newer",
            run.err().strip());
    }
}

package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The native backend keeps no memory: after many steps, and after many nets were opened and closed, the process is as
 * large as before. A short version; {@code -Dmocha.long=1000000,1000} says how many steps and cycles.
 */
class LongRunTest {
    /** KiB; what the JVM may take between three tenths, when code is compiled and caches are filled, and the end. */
    private static final long MARGIN = 8 << 10;

    @Test
    void trainingAndOpeningNetsKeepsNoMemory() throws Exception {
        assumeTrue(Backends.nativeLibrary().usable(), () -> "skipped: " + Backends.nativeLibrary().detail());
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "skipped: no /proc/self/status here");
        String[] counts = System.getProperty("mocha.long", "20000,60").split(",");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path")));
        for (String name : List.of("mocha.native.library", "mocha.native.folder", "jna.tmpdir")) {
            if (System.getProperty(name) != null) {
                command.add(1, "-D" + name + "=" + System.getProperty(name));
            }
        }
        command.addAll(List.of(LongRun.class.getName(), "native", counts[0], counts[1]));
        Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(p.getInputStream().readAllBytes());
        assertEquals(0, p.waitFor(), said);
        flat(said, "steps");
        flat(said, "cycles");
    }

    private static void flat(String said, String what) {
        List<Long> sizes = said.lines().filter(l -> l.startsWith(what + " "))
                .map(l -> Long.parseLong(l.split(" ")[2])).toList();
        System.out.println("resident KiB over " + what + ": " + sizes);
        assertEquals(10, sizes.size(), said);
        assertTrue(sizes.get(9) - sizes.get(2) <= MARGIN, () -> "resident KiB over " + what + ": " + sizes);
    }
}

package org.mocha4j.gputest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.cuda.CudaPlugin;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.LoadedPlugin;

/** The folder is packed and works by itself: with its own Java, and with no variable that leads to another. */
class PackedIT {
    private static final Path FOLDER = Path.of("target", "gpu-test").toAbsolutePath();
    private static final long OWN_BYTES = 14_000_000;
    @TempDir Path temp;

    private record Run(int code, String said) {
    }

    @BeforeAll
    static void pack() throws Exception {
        assumeTrue((System.getProperty("os.name") + " " + System.getProperty("os.arch")).equals("Linux amd64"),
                "the folder is for Linux on x86-64");
        Packer.pack(Path.of(System.getProperty("mocha.root")), FOLDER, null,
                System.getProperty("java.class.path"));
    }

    private Run run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(FOLDER.resolve("run").toString(), "--out", temp.toString(),
                "--seconds", "4800"));
        command.addAll(List.of(arguments));
        ProcessBuilder b = new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true);
        b.environment().keySet().retainAll(Map.of("PATH", "", "HOME", "").keySet());
        Process p = b.start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(p.waitFor(10, TimeUnit.MINUTES));
        return new Run(p.exitValue(), said);
    }

    @Test
    void itIsSmallAndItsTestsRunOnItsOwnJava() throws Exception {
        long own = Packer.size(FOLDER) - Packer.size(FOLDER.resolve("runtime"));     // a runtime's size is its JDK's
        assertTrue(own > 1_000_000 && own < OWN_BYTES, Packer.megabytes(own));
        Run r = run("--backend", "cpu", "--small", "--only", "PoolingRulesTest", "suite");
        assertEquals(0, r.code, r.said);
        assertTrue(r.said.matches("(?s).*suite +pass +graphs, nets, rules and training.* [1-9]\\d* of "
                + "[1-9]\\d* pass.*"), r.said);
        assertTrue(r.said.contains(" claims hold, 0 do not\n"), r.said);
        assertTrue(r.said.endsWith(Files.readString(temp.resolve("results.txt")) + "Written to " + temp.toRealPath()
                .resolve("results.txt") + "\n"), r.said);
    }

    @Test
    void withoutADeviceItEndsWithOneLineThatSaysWhatIsMissing() throws Exception {
        assumeFalse(Catalog.of(List.of(LoadedPlugin.of(new CudaPlugin(), "cuda", "0"))).backend("cuda").probe()
                .usable(),
                "there is a device here");
        Run r = run();
        assertEquals(1, r.code, r.said);
        assertEquals(1, r.said.lines().count(), r.said);
        assertTrue(r.said.startsWith("gpu-test: backend cuda cannot be used here: "), r.said);
    }

    @Test
    void anUnknownPhaseIsWrongUsageThatNamesThePhases() throws Exception {
        Run r = run("suit");
        assertEquals(2, r.code, r.said);
        assertTrue(r.said.startsWith("there is no phase [suit]; there are: probe, suite, gradients, train, bench, "
                + "pytorch, memory, command, sanitizer\n"), r.said);
    }

    @Test
    void aFolderThatIsTooLargeIsAnErrorThatNamesTheLargestFiles() throws Exception {
        Files.write(temp.resolve("small"), new byte[10]);
        Files.write(temp.resolve("large"), new byte[2_100_000]);
        assertEquals(2_100_010, Packer.measured(temp, 2_100_010));
        String message = assertThrows(IllegalStateException.class, () -> Packer.measured(temp, 2_000_000)).getMessage();
        assertEquals(temp + " has 2.1 MB, more than 2.0 MB; the largest files: large 2.1 MB, small 0.0 MB; "
                + "the runtime of a JDK 17 is the smallest", message);
    }

    @Test
    void aFolderOfSomebodyElseIsNotDeleted() throws Exception {
        Files.writeString(temp.resolve("theirs"), "text");
        String message = assertThrows(IllegalStateException.class, () -> Packer.pack(temp, temp, null, ""))
                .getMessage();
        assertEquals(temp + " is there and was not packed by this program; delete it or name another", message);
        assertEquals("text", Files.readString(temp.resolve("theirs")));
    }
}

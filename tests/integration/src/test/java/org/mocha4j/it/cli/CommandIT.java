package org.mocha4j.it.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged command in a process of its own, with everything as bundles in Felix. */
class CommandIT {
    private static final Path HOME = Path.of(System.getProperty("mocha.root"), "launcher", "target",
        "mocha").normalize();

    @TempDir Path temp;

    private Process start(Path out, String... args) throws IOException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> command = new ArrayList<>(List.of(HOME.resolve(windows ? "bin/mocha.cmd"
            : "bin/mocha").toString()));
        command.addAll(List.of(args));
        ProcessBuilder b = new ProcessBuilder(command).directory(temp.toFile()).redirectOutput(out.toFile())
            .redirectError(temp.resolve("err").toFile());
        b.environment().keySet().removeIf(k -> k.startsWith("MOCHA_") || k.equals("OMP_NUM_THREADS"));
        b.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return b.start();
    }

    private String run(int code, String... args) throws Exception {
        Path out = temp.resolve("out");
        Process p = start(out, args);
        try {
            assertTrue(p.waitFor(240, TimeUnit.SECONDS), "no end");
            assertEquals(code, p.exitValue(), Files.readString(out) + errors());
            return Files.readString(out);
        } finally {
            p.destroyForcibly();
        }
    }

    /** Without what the JVM says of its own. */
    private String errors() throws IOException {
        return String.join("\n", Files.readAllLines(temp.resolve("err")).stream()
            .filter(l -> !l.startsWith("WARNING: Using incubator modules")).toList());
    }

    @Test void runsAnExampleIntoANewFolderAndGoesOnThere() throws Exception {
        String first = run(0, "run", "mnist-logistic", "--iterations", "200");
        assertTrue(first.startsWith("No --data given, so the data are digits that this program draws: "), first);
        assertTrue(first.contains("\n000100 :: TRAIN obj-val = "), first);
        assertTrue(first.matches("(?s).*\\nAccuracy \\(avg over 2000\\) = \\d+\\.\\d{4}% on held-out drawn digits\\R"),
            first);
        assertEquals("", errors());
        Path folder = temp.resolve("mocha-runs/mnist-logistic-1");
        assertTrue(Files.isRegularFile(folder.resolve("snapshots/snapshot-000200.h5")));
        run(0, "run", "mnist-logistic", "--iterations", "1");
        assertTrue(Files.isRegularFile(temp.resolve("mocha-runs/mnist-logistic-2/snapshots/snapshot-000001.h5")));
        String on = run(0, "run", "mnist-logistic", "--iterations", "201", "--output", folder.toString());
        assertTrue(on.contains("Resuming from " + folder.resolve("snapshots/snapshot-000200.h5")
            + " at iteration 200\n"), on);
        String test = run(0, "test", "mnist-logistic", "--from", folder.toString());
        assertEquals(on.strip().lines().reduce((a, b) -> b), test.strip().lines().reduce((a, b) -> b));
    }

    @Test void picturesAreDrawnWithTheLibraryOutsideTheContainer() throws Exception {
        run(0, "run", "mnist-logistic", "--iterations", "100", "--output", "run");
        for (String file : List.of("p.png", "p.svg")) {
            assertEquals("Wrote " + file + ": accuracy, training loss\n", run(0, "plot", "run", "--output", file));
        }
        assertEquals("\u0089PNG", new String(Files.readAllBytes(temp.resolve("p.png")), 0, 4,
            java.nio.charset.StandardCharsets.ISO_8859_1));
        assertTrue(run(0, "dot", "mnist").startsWith("digraph"));
        assertTrue(run(0, "completion", "bash").contains("complete -F _complete_mocha"));
    }

    @Test void theNetIsExplainedInTheContainerToo() throws Exception {
        assertTrue(run(0, "summary", "mnist").contains("\nLeNet: 10 layers, 431,080 parameters (1.6 MiB as "
            + "float32)\n"));
        assertTrue(run(0, "explain", "mnist").contains("\nProgram train accumulate: "));
        assertTrue(run(0, "validate", "mnist", "--shape", "data=64x1x28x28", "--shape",
            "label=64").contains(" is in order\n"));
        String doctor = run(0, "doctor");
        String best = doctor.contains("\n  cuda                   usable: ") ? "cuda"
            : doctor.contains("\n  native                 usable: ") ? "native" : "cpu";
        assertTrue(doctor.contains("\n  backend                " + best + " (default: auto)\n"), doctor);
    }

    private static void signal(Process p, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-s", name, Long.toString(p.pid())).inheritIO().start().waitFor());
    }

    private void await(Process p, Path file, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!Files.exists(file) || !text.isEmpty() && !Files.readString(file).contains(text)) {
            assertTrue(p.isAlive() && System.nanoTime() < end, Files.readString(temp.resolve("out")) + errors());
            Thread.sleep(50);
        }
    }

    /** The first asks; an iteration that takes too long is given up at the second. */
    @Test @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
    void theSecondSignalEndsARunAtOnce() throws Exception {
        Process p = start(temp.resolve("out"), "run", "mnist-logistic", "--output", "o", "--set",
            "solver.accumulate=1000000000");
        try {
            await(p, temp.resolve("o/snapshots/snapshot-000000.h5"), "");
            Thread.sleep(500);
            signal(p, "TERM");
            await(p, temp.resolve("err"), "Interrupted: saving after this iteration; once more ends at once.");
            signal(p, "TERM");
            assertTrue(p.waitFor(20, TimeUnit.SECONDS), "no end");
        } finally {
            p.destroyForcibly();
        }
        assertEquals(128 + 15, p.exitValue(), errors());
        try (Stream<Path> files = Files.list(temp.resolve("o/snapshots"))) {
            assertEquals(List.of("snapshot-000000.h5"), files.map(f -> f.getFileName().toString()).toList());
        }
        String on = run(0, "run", "mnist-logistic", "--output", "o", "--iterations", "1");
        assertTrue(on.contains("Resuming from o/snapshots/snapshot-000000.h5 at iteration 0\n"), on);
    }

    @ParameterizedTest @ValueSource(strings = {"TERM", "INT"})
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
    void aSignalEndsARunAfterSaving(String name) throws Exception {
        assumeFalse(name.equals("INT") && interruptsAreIgnored(),
            "this build runs in the background of a shell, whose commands ignore SIGINT");
        Path out = temp.resolve("out");
        Process p = start(out, "run", "mnist-logistic", "--iterations", "100000000", "--output", "o");
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (!Files.readString(out).contains("TRAIN obj-val")) {
                assertTrue(p.isAlive() && System.nanoTime() < end, Files.readString(out) + errors());
                Thread.sleep(50);
            }
            signal(p, name);
            assertTrue(p.waitFor(60, TimeUnit.SECONDS), "no end");
        } finally {
            p.destroyForcibly();
        }
        String text = Files.readString(out);
        assertEquals(130, p.exitValue(), text + errors());
        assertEquals("Interrupted: saving after this iteration; once more ends at once.", errors());
        String last = text.strip().lines().reduce((a, b) -> b).orElseThrow();
        assertTrue(last.matches("Interrupted after iteration [\\d,]+; the same command with --output o goes on from "
            + "there"), text);
        long iteration = Long.parseLong(last.replaceAll("^\\D*([\\d,]+);.*", "$1").replace(",", ""));
        assertTrue(Files.isRegularFile(temp.resolve(String.format("o/snapshots/snapshot-%06d.h5", iteration))), text);
    }

    /** A shell without job control starts what runs in the background so, and Java then keeps it so. */
    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(l -> l.startsWith("SigIgn:"))
            .anyMatch(l -> (Long.parseUnsignedLong(l.substring(7).strip(), 16) & 2) != 0);
    }

    @Test void wrongInputHasItsExitCode() throws Exception {
        run(2, "run", "mnist", "--iteration", "1");
        assertEquals("mocha: Unknown options: '--iteration', '1'\nPossible solutions: --iterations\n"
            + "Try 'mocha run --help' for more information.", errors());
        run(2);
        run(1, "train", "no.yaml");
        assertEquals("mocha: no.yaml does not exist; expected: a file such as net.yaml, or an example: mnist, "
            + "mnist-logistic, mnist-dropout, mnist-two-heads, mnist-autoencoder-1, mnist-autoencoder-2, "
            + "mnist-autoencoder-3, regression, cifar10", errors());
        assertTrue(Files.notExists(temp.resolve("mocha-runs")));
    }
}

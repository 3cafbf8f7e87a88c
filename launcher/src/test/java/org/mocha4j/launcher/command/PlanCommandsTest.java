package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginLoader;

/** {@code --tune}, {@code --device plans=FILE} and {@code --deterministic}. */
class PlanCommandsTest {
    @TempDir Path temp;

    private static void requireNative() {
        Availability a = Catalog.of(PluginLoader.load(PlanCommandsTest.class.getClassLoader())).backend("native").probe();
        assumeTrue(a.usable(), a.detail());
    }

    private static void failed(Cli run, String message) {
        assertEquals("mocha: " + message + "\n", run.err());
        assertEquals(1, run.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "time", "explain", "validate", "summary"})
    void aBackendThatCannotTuneSaysSo(String command) throws Exception {
        String net = Cli.folder(temp).toString();
        Path plans = temp.resolve("plans.txt");
        failed(Cli.run(command, net, "--backend", "cpu", "--tune", plans.toString()),
            "backend cpu has no option [tune]; it has [vector]");
        failed(Cli.run(command, net, "--backend", "reference", "--tune", plans.toString()),
            "backend reference has no option [tune]; it has []");
        assertFalse(Files.exists(plans));
    }

    @Test void tuneIsGivenOnce() throws Exception {
        failed(Cli.run("explain", Cli.folder(temp).toString(), "--tune", "a", "--device", "tune=b"),
            "--tune and --device tune=b are the same option; give one of them");
    }

    @Test void explainTunesAndTellsTheTimesAndTrainingUsesTheFile() throws Exception {
        requireNative();
        String net = Cli.folder(temp).toString();
        Path plans = temp.resolve("plans.txt");
        Cli explain = Cli.run("explain", net, "--backend", "native", "--threads", "2", "--tune", plans.toString());
        assertEquals(0, explain.code(), explain.err());
        assertTrue(explain.out().contains(" (tuned: "), explain.out());
        List<String> lines = Files.readAllLines(plans);
        assertEquals("threads 2", lines.get(2));
        assertEquals(List.of("forward+bias+relu", "filter-gradient+bias", "inference+bias+relu"),
            lines.stream().skip(3).map(l -> l.substring(0, l.indexOf(' '))).toList());
        Cli train = Cli.run("train", net, "--backend", "native", "--threads", "2", "--device", "plans=" + plans);
        assertEquals(0, train.code(), train.err());
        assertEquals(lines, Files.readAllLines(plans));
        failed(Cli.run("train", net, "--backend", "native", "--threads", "1", "--device", "plans=" + plans),
            plans + ":3: made with threads [2], and this device has [1]; the times of one say nothing about the other: give"
            + " another file to --tune");
    }

    @Test void processorsAreDeterministicInAnyCase() throws Exception {
        String net = Cli.folder(temp).toString();
        Cli run = Cli.with(Map.of(), "check-gradients", net, "--backend", "cpu", "--deterministic", "--samples", "2");
        assertEquals(0, run.code(), run.err());
        assertEquals(0, Cli.run("train", net, "--backend", "cpu", "--deterministic").code());
        assertEquals(0, Cli.run("train", net, "--backend", "auto", "--deterministic").code());
    }
}

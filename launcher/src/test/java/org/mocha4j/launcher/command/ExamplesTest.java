package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples as a person runs them, on drawn digits and for a few iterations. */
class ExamplesTest {
    private static final String FEW = "20";
    @TempDir Path temp;

    static List<String> names() {
        return Example.ALL.stream().map(Example::name).toList();
    }

    private static Cli ok(Object... args) {
        Cli run = Cli.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return run;
    }

    private static double figure(String pattern, Cli run) {
        Matcher m = Pattern.compile(pattern).matcher(run.out());
        double last = Double.NaN;
        while (m.find()) {
            last = Double.parseDouble(m.group(1));
        }
        assertTrue(Double.isFinite(last), run.out());
        return last;
    }

    @ParameterizedTest @MethodSource("names") void isInOrder(String name) {
        assertEquals(name + " is in order\n", ok("validate", name).out());
        assertTrue(ok("summary", name).out().contains(" parameters ("), name);
    }

    /** Each example has a page in docs/examples with its command. */
    @ParameterizedTest @MethodSource("names") void hasAPage(String name) throws Exception {
        Path docs = Path.of("../docs").toAbsolutePath().normalize();
        if (List.of("mnist", "mnist-logistic", "cifar10").contains(name)) {
            return;                                              // the tutorials' own
        }
        Path page = docs.resolve("examples/" + name.replaceAll("-[123]$", "") + ".md");
        assertTrue(Files.readString(page).contains("mocha run " + name + " "), page + " has the command of " + name);
    }

    @Test void theCurveComesNearThePoints() {
        Cli run = ok("run", "regression", "--output", temp, "--iterations", "600");
        assertTrue(figure("Square-loss \\(avg over 40\\) = ([\\d.]+)", run) < 0.01, run.out());
        Cli test = ok("test", "regression", "--from", temp);
        assertEquals(figure("Square-loss \\(avg over 40\\) = ([\\d.]+)", run),
            figure("Square-loss \\(avg over 40\\) = ([\\d.]+)", test));
        Cli data = Cli.run("run", "regression", "--data", temp.toString());
        assertEquals("mocha: --data: regression has its data in its file\nTry 'mocha run --help' for more "
            + "information.\n",
            data.err());
        assertEquals(2, data.code());
    }

    /** The first layer's parameters go through the second stage as they are and start the third. */
    @Test void theAutoencodersStagesFollowEachOther() {
        ok("run", "mnist-autoencoder-1", "--output", temp.resolve("layer1"), "--iterations", FEW);
        Cli second = ok("run", "mnist-autoencoder-2", "--output", temp.resolve("layer2"), "--iterations", FEW);
        assertTrue(second.err().isEmpty() || second.err().contains("fc2"), second.err());
        Cli third = ok("run", "mnist-autoencoder-3", "--output", temp.resolve("all"), "--iterations", FEW);
        assertTrue(figure("Accuracy \\(avg over \\d+\\) = ([\\d.]+)%", third) > 5, third.out());
        Cli alone = Cli.run("run", "mnist-autoencoder-2", "--output", temp.resolve("x/y").toString());
        assertEquals("mocha: Snapshot: loadFrom " + temp.resolve("x/y/../layer1/snapshots")
            + " does not exist; expected: a folder of snapshots, a snapshot or a parameter file\n", alone.err());
    }

    @Test void bothHeadsAreMeasured() {
        String square = "Square-loss \\(avg over \\d+\\) = ([\\d.]+)";
        Cli one = ok("run", "mnist-two-heads", "--output", temp, "--iterations", "1");
        Cli run = ok("run", "mnist-two-heads", "--output", temp, "--iterations", "40");
        assertTrue(figure("Accuracy \\(avg over \\d+\\) = ([\\d.]+)%", run) > 20, run.out());
        assertTrue(figure(square, run) < 0.95 * figure(square, one), run.out());
    }

    @Test void dropoutTrains() {
        Cli run = ok("run", "mnist-dropout", "--output", temp, "--iterations", FEW);
        assertTrue(figure("Accuracy \\(avg over \\d+\\) = ([\\d.]+)%", run) > 30, run.out());
    }
}

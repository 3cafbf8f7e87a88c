package org.mocha4j.it.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.integration.MochaRun;

/** A third party's jar in a folder of plug-ins of the {@code mocha} command. */
@Timeout(180)
class PluginLauncherIT {
    private static final String SUMMARY = "breaks=[{type: TrainingSummary, everyIterations: 6}]";
    @TempDir static Path temp;
    private static Path net;
    private Path plugins;
    private Path sources;

    @BeforeAll static void prepare() throws Exception {
        net = Digits.in(temp.resolve("digits"));
    }

    @BeforeEach void makeFolder(TestInfo test) throws Exception {
        plugins = Files.createDirectories(temp.resolve(test.getTestMethod().orElseThrow().getName())
            .resolve("plug-ins"));
        sources = plugins.resolveSibling("sources");
    }

    private MochaRun mocha(String command, String... more) throws Exception {
        MochaRun run = MochaRun.of(Stream.concat(Stream.of(command, net.toString(), "--plugins", plugins.toString()),
            Stream.of(more)).toArray(String[]::new));
        // the JVM's
        return new MochaRun(run.code(), run.out(), run.err()
            .replaceFirst("^WARNING: Using incubator modules: .*\\R", ""));
    }

    private static List<String> objectives(MochaRun run) {
        return run.out().lines().filter(l -> l.contains("TRAIN obj-val = "))
            .map(l -> l.replaceFirst(".*?(\\d{6} :: )", "$1")).toList();
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.indexOf('=') + 1).strip());
    }

    @Test void aJarOfEachKindTrainsFromYaml() throws Exception {
        List<String> expected = null;
        for (String kind : List.of("plain", "module", "bundle")) {
            Path jar = plugins.resolve("acme.jar");
            Acme acme = new Acme(sources.resolve(kind));
            if (kind.equals("plain")) {
                acme.plain(jar);
            } else if (kind.equals("module")) {
                acme.modular(jar);
            } else {
                acme.bundle(jar, "1.0.0");
            }
            MochaRun run = mocha("train", "--backend", "cpu", "--threads", "1", "--set", SUMMARY);
            assertEquals(0, run.code(), run.out() + run.err());
            List<String> lines = objectives(run);
            assertTrue(lines.size() >= 5, run.out() + run.err());
            assertTrue(value(lines.get(lines.size() - 1)) < 0.6 * value(lines.get(1)), lines.toString());
            if (expected != null) {
                assertEquals(expected, lines, kind);
            }
            expected = lines;
        }
        MochaRun explained = mocha("explain", "--backend", "cpu");
        assertEquals(0, explained.code(), explained.err());
        assertTrue(explained.out().contains("acme swish"), explained.out());
    }

    @Test void withoutItsJarTheMessageSaysWhatIsMissing() throws Exception {
        MochaRun run = mocha("train");
        assertEquals(1, run.code());
        String there = between(run.err(), "install the one that has it. Plug-ins: ", "\n");
        assertTrue(there.contains("org.mocha4j.cpu 0.1.0") && there.contains(", org.mocha4j.layers 0.1.0"), there);
        String rest = "no plug-in with the prefix [acme] is there; install the one that has it. Plug-ins: " + there;
        assertEquals("mocha: 3 things are wrong:\n" + net + ":6: unknown layer [acme.Gate]: " + rest + "\n" + net
            + ":8: unknown neuron [acme.Swish]: " + rest + "\n" + net + ":10: unknown neuron [acme.Swish]: " + rest
            + "\n", run.err());
    }

    @Test void brokenOnesAreShownAndFatalOnlyToWhomNeedsThem() throws Exception {
        Path text = Files.writeString(plugins.resolve("a.jar"), "not a jar");
        new Acme(sources.resolve("b")).replace("AcmePlugin", "r.types(",
            "if (true) throw new IllegalStateException(\"no licence\"); r.types(").plain(plugins.resolve("b.jar"));
        Path newer = new Acme(sources.resolve("c")).edit("META-INF/MANIFEST.MF",
            m -> m.replace("[0.1,0.2)", "[0.2,0.3)")
            .replace("com.acme.mocha", "com.acme.newer")).bundle(plugins.resolve("c.jar"), "1.0.0");
        new Acme(sources.resolve("d")).edit("META-INF/services/org.mocha4j.api.Plugin", s -> "com.acme.mocha.Gone\n")
            .edit("META-INF/MANIFEST.MF", m -> m.replace("com.acme.mocha", "com.acme.gone"))
            .bundle(plugins.resolve("d.jar"), "1.0.0");

        MochaRun listed = MochaRun.of("plugins", "--plugins", plugins.toString());
        assertEquals(1, listed.code());
        List<String> lines = listed.out().lines().filter(l -> !l.startsWith("org.mocha4j.")).toList();
        String noFit = "com.acme.newer 1.0.0 needs packages that are not there: org.mocha4j.api from 0.2.0 to below "
            + "0.3.0, which is there as"
            + " 0.1.0; org.mocha4j.api.backend from 0.2.0 to below 0.3.0, which is there as 0.1.0; org.mocha4j.api.ops "
                + "from 0.2.0 to"
            + " below 0.3.0, which is there as 0.1.0. Take the version of it that was made for this Mocha4J, or add "
                + "what it needs";
        assertEquals(List.of("b                            0.0.0            broken: java.lang.IllegalStateException: "
            + "no licence",
            "com.acme.gone                1.0.0            broken: org.mocha4j.api.ConfigurationException: "
                + "com.acme.gone declares the"
            + " plug-in com.acme.mocha.Gone, but has no such class",
            text + ": not installed: java.util.zip.ZipException: zip END header not found",
            newer + ": not installed: org.osgi.framework.BundleException: " + noFit), lines);

        MochaRun needs = mocha("train");
        assertEquals(1, needs.code());
        assertTrue(needs.err().contains("unknown layer [acme.Gate]: the plug-in with the prefix [acme] is broken: b "
            + "0.0.0"
            + " (java.lang.IllegalStateException: no licence)\n"), needs.err());
        MochaRun doesNot = mocha("train", "--set", "layers.gate1={name: gate1, type: Split, bottoms: [conv1], tops: "
            + "[gate1]}", "--set",
            "layers.conv2.neuron=ReLU", "--set", "layers.ip1.neuron=ReLU", "--set", SUMMARY, "--iterations", "6");
        assertEquals(0, doesNot.code(), doesNot.err());
        assertFalse(objectives(doesNot).isEmpty(), doesNot.out());
    }

    @Test void aJarThatCannotBeInstalledIsNamedToWhomMissesSomething() throws Exception {
        Path text = Files.writeString(plugins.resolve("acme.jar"), "not a jar");
        MochaRun run = mocha("train");
        assertEquals(1, run.code());
        assertTrue(run.err().endsWith(". Broken plug-ins: " + text + " (java.util.zip.ZipException: zip END header not "
            + "found)\n"), run.err());
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        assertTrue(from >= start.length(), text);
        return text.substring(from, text.indexOf(end, from));
    }
}

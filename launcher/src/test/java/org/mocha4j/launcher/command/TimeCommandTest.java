package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Phase;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/** What {@code mocha time} reports; not how long anything takes. */
class TimeCommandTest {
    @TempDir Path temp;

    private static Tree.Mapping json(Cli run) {
        assertEquals(0, run.code(), run.out() + run.err());
        return (Tree.Mapping) Yaml.parse("out.json", run.out());
    }

    private static Tree.Mapping time(String... args) {
        String[] all = Stream.concat(Stream.of("time"), Stream.concat(Stream.of(args),
            Stream.of("--json", "--steps", "2", "--warmup", "1"))).toArray(String[]::new);
        return json(Cli.run(all));
    }

    private static Tree at(Tree tree, String... path) {
        for (String p : path) {
            tree = ((Tree.Mapping) tree).fields().get(p);
        }
        return tree;
    }

    private static String text(Tree tree, String... path) {
        return ((Tree.Scalar) at(tree, path)).text();
    }

    private static double number(Tree tree, String... path) {
        return Double.parseDouble(text(tree, path));
    }

    private static List<Tree> ops(Tree json) {
        return ((Tree.Sequence) at(json, "ops")).items();
    }

    private static double sum(Tree json, String field) {
        return ops(json).stream().mapToDouble(o -> number(o, field)).sum();
    }

    @Test void optionsOfTheBackend() {
        Tree.Mapping json = time("mnist", "--backend", "cpu", "--device", "vector=off", "--threads", "1");
        assertEquals("cpu, 1 thread, plain loops", text(json, "device"));
        Cli run = Cli.run("time", "mnist", "--backend", "cpu", "--device", "vectors=off");
        assertEquals("mocha: backend cpu has no option [vectors]; it has [vector]\n", run.err());
        assertEquals(1, run.code());
        assertEquals(2, Cli.run("time", "mnist", "--device", "vector").code());
    }

    @Test void aTrainingStepOfLeNet() {
        Tree.Mapping json = time("mnist");
        assertEquals(List.of("net", "phase", "backend", "device", "threads", "type", "data", "samples", "warmup",
            "steps", "stepMillis", "flops", "otherOperations", "gflops", "matmulGflops", "share", "opsMillis", "ops"),
            List.copyOf(json.fields().keySet()));
        assertEquals(List.of("median", "min", "max"),
            List.copyOf(((Tree.Mapping) at(json, "stepMillis")).fields().keySet()));
        assertEquals(List.of("train", "64", "1", "2", "random numbers as data [64, 1, 28, 28], label [64]"),
            Stream.of("phase", "samples", "warmup", "steps", "data").map(f -> text(json, f)).toList());
        assertTrue(number(json, "stepMillis", "min") <= number(json, "stepMillis", "median")
            && number(json, "stepMillis", "median") <= number(json, "stepMillis", "max"));
        assertEquals(843_648_000, number(json, "flops"));      // conv2 614.4, ip1 153.6, conv1 73.7, ip2 1.9 million
        assertEquals(number(json, "flops"), sum(json, "flops"));
        assertEquals(number(json, "gflops") / number(json, "matmulGflops"), number(json, "share"), 1e-9);
        assertEquals(1, sum(json, "share"), 1e-9);
        assertEquals(number(json, "opsMillis"), sum(json, "millis"), 1e-9);
        double[] millis = ops(json).stream().mapToDouble(o -> number(o, "millis")).toArray();
        for (int i = 1; i < millis.length; i++) {
            assertTrue(millis[i] <= millis[i - 1], "slowest first");
        }
    }

    @Test void allStepsOfBothProgramsAreListedWithTheirDirections() {
        Tree.Mapping time = time("mnist");
        Tree.Mapping explain = json(Cli.run("explain", "mnist", "--json"));
        for (String program : List.of("accumulate", "apply")) {
            assertEquals(((Tree.Sequence) at(explain, "programs", "train " + program)).items().stream()
                    .map(s -> text(s, "layer") + " " + text(s, "op") + " " + text(s, "kernel")).sorted().toList(),
                ops(time).stream().filter(o -> text(o, "program").equals(program))
                    .map(s -> text(s, "layer") + " " + text(s, "op") + " " + text(s, "kernel")).sorted().toList());
        }
        for (Tree o : ops(time)) {
            String op = text(o, "op");
            if (op.equals("reorder")) {
                continue;                                        // belongs to the op that needs it
            }
            String expected = text(o, "program").equals("apply") ? "update"
                : op.contains("Gradient") || op.equals("Reduce") ? "backward"
                : op.equals("MatMul") ? "backward" : "forward";
            assertEquals(expected, text(o, "direction"), op);
        }
    }

    @Test void theFullCifarNet() {
        assertEquals(6_887_424_000L, number(time("cifar10"), "flops"));
    }

    @Test void aStepOfSeveralBatchesAndInference() throws Exception {
        String net = Cli.folder(temp).toString();
        Tree.Mapping once = time(net);
        assertEquals("the first batch of the net's data", text(once, "data"));
        Tree.Mapping twice = time(net, "--set", "solver.accumulate=3");
        assertEquals("12", text(twice, "samples"));
        assertEquals(3 * number(once, "flops"), number(twice, "flops"));
        Tree.Mapping test = time(net, "--phase", "test");
        assertEquals("test", text(test, "phase"));
        assertTrue(ops(test).stream().allMatch(o -> text(o, "direction").equals("forward")));
        assertEquals(4 * 2 * (2 * 4 * 9 + 3 * 8), number(test, "flops"));     // conv [2, 1, 3, 3] to 2 x 2, then 8 to 3
        Tree.Mapping shapes = time(net, "--shape", "data=5x1x4x4", "--shape", "label=5");
        assertEquals("random numbers as data [5, 1, 4, 4], label [5]", text(shapes, "data"));
        assertEquals("5", text(shapes, "samples"));
    }

    @Test void nothingIsWritten() throws Exception {
        Path net = Cli.folder(temp);
        Files.writeString(net, Cli.NET.replace("  - {name: loss,", "  - {name: out, type: MemoryOutput, bottoms: [ip], "
            + "phase: test}\n  - {name: loss,"));
        Catalog catalog = Catalog.of(PluginLoader.load(Cli.class.getClassLoader()));
        NetFile file = NetFile.read(net.toString(), List.of(), catalog);
        Settings settings = Settings.of(new DeviceArguments(), null, Map.of());
        try (Inspection look = new Inspection(catalog, file, settings, Map.of());
                Net test = look.net(Phase.TEST); Execution whole = test.execution(); Execution dry = test.rehearsal()) {
            assertEquals(Set.of("out"), whole.sinks().keySet());
            assertEquals(Set.of(), dry.sinks().keySet());
            assertEquals(whole.explain(), dry.explain());
        }
    }

    @Test void theTable() throws Exception {
        Cli run = Cli.run("time", Cli.folder(temp).toString(), "--steps", "2", "--warmup", "1");
        assertEquals(0, run.code(), run.err());
        String[] lines = run.out().split("\n");
        assertEquals("small: a step of training, forward, backward and update", lines[0]);
        assertTrue(lines[1].startsWith("Device  "), lines[1]);
        assertTrue(lines[3].matches("Step    \\S+ ms median, \\S+ minimum, \\S+ maximum, of 2 after 1 to warm up; "
            + "[\\d,]+ samples/s"), lines[3]);
        assertTrue(lines[4].matches("Speed   \\S+ kFLOP of convolutions and matrix products in a step: \\S+ GFLOP/s"),
            lines[4]);
        assertTrue(lines[5].matches(" +\\S+ % of the \\S+ GFLOP/s of a float32 matrix product of 1024 x 1024 here "
            + "and now"), lines[5]);
        assertTrue(lines[7].matches("Layer +Op +Direction +ms +Share +MFLOP +GFLOP/s +Kernel"), lines[7]);
        assertTrue(run.out().matches("(?s).*\n +all \\d+ ops +forward .*\n +all \\d+ ops +backward .*\n "
            + "+all \\d+ ops +update .*\n +all \\d+ ops +\\S+ +100.0 %.*"), run.out());
    }

    @Test void badInput() throws Exception {
        Path net = Cli.folder(temp);
        Files.writeString(net, Cli.NET.replaceAll("(?s)solver:.*", ""));
        Cli none = Cli.run("time", net.toString(), "--phase", "train");
        assertEquals(1, none.code());
        assertEquals("mocha: " + net + " has no solver, so there is no training step to time; add one, or give --phase "
            + "test\n", none.err());
        Cli phase = Cli.run("time", "mnist", "--phase", "validate");
        assertEquals(2, phase.code());
        assertTrue(phase.err().startsWith("mocha: Invalid value for option '--phase': expected train or test, found "
            + "[validate]\n"), phase.err());
        Cli.data(temp, 12, i -> 9, 0);
        Files.writeString(net, Cli.NET);
        Cli label = Cli.run("time", net.toString(), "--steps", "1", "--warmup", "1");
        assertEquals(1, label.code());
        assertTrue(label.err().startsWith("mocha: there is nothing to time, since the data given do not suit the net: "
            + "label 9 "), label.err());
    }
}

package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Affine;
import org.mocha4j.api.ops.Op1;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.runtime.LoadedPlugin;
import org.mocha4j.runtime.PluginLoader;

/** {@code check-gradients}: right ones pass, a wrong one is found, kinks are passed over. */
class CheckGradientsTest {
    @TempDir Path temp;

    /** Doubles its input, and says that its slope is 2.001. */
    public record Doubling() implements Neuron {
        @Override public Value apply(Graph g, Value x) {
            return g.op(new DoublingOp(), x);
        }
    }

    record DoublingOp() implements Op1 {
        @Override public Spec infer(Spec x) {
            return x;
        }

        @Override public Optional<List<Value>> decompose(Graph g, List<Value> in) {
            return Optional.of(List.of(g.op(new Affine(2, 0), in.get(0))));
        }

        @Override public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
            return Optional.of(List.of(Ops.affine(g, dOut.get(0), 2.001, 0)));
        }
    }

    static final class Wrong implements Plugin {
        @Override public PluginInfo info() {
            return new PluginInfo("wrong", "1", "A neuron with a wrong gradient");
        }

        @Override public void register(Registrar r) {
            r.types(Doubling.class);
        }
    }

    private Cli check(String net, String... more) throws Exception {
        Files.writeString(temp.resolve("net.yaml"), net);
        List<LoadedPlugin> plugins = new ArrayList<>(PluginLoader.load(Cli.class.getClassLoader()));
        plugins.add(LoadedPlugin.of(new Wrong(), "wrong.jar", "1"));
        List<String> args = new ArrayList<>(List.of("check-gradients", temp.resolve("net.yaml").toString()));
        args.addAll(List.of(more));
        return Cli.with(plugins, Map.of(), args.toArray(String[]::new));
    }

    @Test void gradientsOnAFilesDataAreRight() throws Exception {
        Cli.folder(temp);
        Cli run = check(Cli.NET.replace("  - {name: ip,", "  - {name: drop, type: Dropout, ratio: 0.5, bottoms: "
            + "[conv], "
            + "tops: [conv]}\n  - {name: ip,"));
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().contains("\nBatch: the first of the data\n"), run.out());
        assertTrue(run.out().matches("(?s).*\nconv___filter +\\[2, 1, 3, 3\\] +10 +\\d+ .*"), run.out());
        assertTrue(run.out().matches("(?s).*\nsmall: the gradients of 4 parameters are right at 25 places.*"),
            run.out());
    }

    @Test void aWrongGradientIsFound() throws Exception {
        Cli.folder(temp);
        Cli run = check(Cli.NET.replace("neuron: ReLU", "neuron: wrong.Doubling"), "--samples", "3");
        assertEquals(1, run.code(), run.out() + run.err());
        assertTrue(run.err().matches("(?s)mocha: conv___filter, element \\d+: the gradient is \\S+, measured \\S+\n"
            + "mocha: conv___bias, element \\d: .*\nmocha: small: 2 of 4 parameters failed the check\n"), run.err());
        assertTrue(run.out().matches("(?s).*\nip___weight +\\[3, 8\\] +3 +0 .*"), run.out());
    }

    @Test void randomNumbersTakeThePlaceOfData() throws Exception {
        Cli run = check(Cli.NET, "--shape", "data=3x1x6x6", "--shape", "label=3", "--seed", "4");
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.out().contains("\nBatch: random numbers\n"), run.out());
        assertEquals(run.out(), check(Cli.NET, "--shape", "data=3x1x6x6", "--shape", "label=3", "--seed", "4").out());
    }

    @Test void badInputHasAMessage() throws Exception {
        assertEquals(2, Cli.run("check-gradients").code());
        assertEquals(2, Cli.run("check-gradients", "mnist", "--samples", "0").code());
        Cli none = check("""
            name: none
            layers:
              - {name: loss, type: SoftmaxLoss, bottoms: [x, label]}
            """, "--shape", "x=2x3", "--shape", "label=2");
        assertEquals(1, none.code(), none.out());
        Cli missing = check(Cli.NET);
        assertEquals(1, missing.code());
        assertTrue(missing.err().contains("data.hdf5"), missing.err());
    }
}

package org.mocha4j.launcher.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.launcher.command.Curves.Curve;

/** {@code dot}, {@code plot} and {@code completion}. */
class PictureCommandsTest {
    @TempDir Path temp;

    private static void ok(Cli run) {
        assertEquals(0, run.code(), run.out() + run.err());
    }

    private static void fails(int code, String message, Cli run) {
        assertEquals(message, run.err());
        assertEquals(code, run.code());
    }

    @Test void dotWritesLayersBlobsShapesAndColours() {
        Cli train = Cli.run("dot", "mnist");
        ok(train);
        assertTrue(train.out().startsWith("digraph \"LeNet\" {\n") && train.out().endsWith("}\n"), train.out());
        for (String line : List.of(
                "\"layer train-data\" [shape=box, style=\"rounded,filled\", fillcolor=\"#d5e8d4\", "
                    + "label=\"train-data\\nHDF5Data\"]",
                "\"layer ip1\" [shape=box, style=\"rounded,filled\", fillcolor=\"#dae8fc\", "
                    + "label=\"ip1\\nInnerProduct + ReLU\\n400,500 parameters\"]",
                "\"layer conv1\" -> \"blob conv1\" [label=\" 64x20x24x24\"]", "\"blob label\" -> \"layer loss\"",
                "\"layer loss\" [shape=box, style=\"rounded,filled\", fillcolor=\"#f8cecc\", "
                    + "label=\"loss\\nSoftmaxLoss\"]")) {
            assertTrue(train.out().contains("  " + line + ";\n"), line + " in\n" + train.out());
        }
        Cli test = Cli.run("dot", "mnist", "--phase", "test");
        assertTrue(test.out().contains("fillcolor=\"#ffe6cc\", label=\"accuracy\\nAccuracy\"]"), test.out());
        assertFalse(test.out().contains("train-data") || test.out().contains("SoftmaxLoss"), test.out());
    }

    @Test void dotShowsSharingAndBlobsChangedInPlace() throws Exception {
        Path net = temp.resolve("net.yaml");
        Files.writeString(net, """
            name: 'a "b" <c>'
            layers:
              - {name: ip1, type: InnerProduct, outputs: 4, paramKey: both, bottoms: [x], tops: [y]}
              - {name: drop, type: Dropout, ratio: 0.5, bottoms: [y], tops: [y]}
              - {name: ip2, type: InnerProduct, outputs: 4, paramKey: both, bottoms: [y], tops: [z]}
            """);
        Cli run = Cli.run("dot", net.toString(), "--shape", "x=2x4");
        ok(run);
        assertTrue(run.out().startsWith("digraph \"a \\\"b\\\" <c>\" {\n"), run.out());
        assertTrue(run.out().contains("a \"b\" &lt;c&gt;, phase test"), run.out());
        for (String line : List.of("\"blob x\" -> \"layer ip1\" [label=\" 2x4\"]", "\"blob y\" -> \"layer drop\"",
                "\"layer drop\" -> \"blob y 2\" [label=\" 2x4\"]", "\"blob y 2\" -> \"layer ip2\"",
                "\"layer ip1\" -> \"layer ip2\" [style=dashed, dir=none, constraint=false, label=\" shares both\"]")) {
            assertTrue(run.out().contains("  " + line + ";\n"), line + " in\n" + run.out());
        }
    }

    @DisabledOnOs(OS.WINDOWS)
    @Test void svgIsDrawnByGraphVizOrNotAtAll() throws Exception {
        Path svg = temp.resolve("n.svg");
        fails(1, "mocha: a picture needs GraphViz's program dot, which is in no folder of PATH; install it, such as by "
            + "'apt-get install graphviz', or ask for a .dot file\n",
            Cli.with(Map.of("PATH", temp.toString()), "dot", "mnist", "--output", svg.toString()));
        assertFalse(Files.exists(svg));
        Path program = temp.resolve("dot");
        Files.writeString(program, "#!/bin/sh\necho \"<svg $1>\"; grep -c conv1 \"$2\"\n");
        assertTrue(program.toFile().setExecutable(true));
        Map<String, String> path = Map.of("PATH", "/none:" + temp);
        ok(Cli.with(path, "dot", "mnist", "--output", svg.toString()));
        assertTrue(Files.readString(svg).matches("<svg -Tsvg>\n[1-9]\\d*\n"), Files.readString(svg));
        Files.writeString(program, "#!/bin/sh\necho one >&2; echo two >&2; exit 3\n");
        fails(1, "mocha: " + program + " failed with exit code 3: one; two\n",
            Cli.with(path, "dot", "mnist", "--output", svg.toString(), "--force"));
        assertTrue(Files.readString(svg).startsWith("<svg"));
        assertEquals(2, Files.list(temp).count());
    }

    @Test void existingFilesAndOddNamesAreRefused() throws Exception {
        Path file = temp.resolve("n.dot");
        Files.writeString(file, "mine");
        fails(1, "mocha: " + file + " is there already and is left as it is; --force replaces it, or give another "
            + "--output\n", Cli.run("dot", "mnist", "--output", file.toString()));
        assertEquals("mine", Files.readString(file));
        ok(Cli.run("dot", "mnist", "--output", file.toString(), "--force"));
        assertTrue(Files.readString(file).startsWith("digraph"));
        Path inner = Files.createDirectory(temp.resolve("d.dot"));
        fails(1, "mocha: " + inner + " is a folder; give a file as --output\n",
            Cli.run("dot", "mnist", "--output", inner.toString(), "--force"));
        fails(1, "mocha: there is no folder " + temp.resolve("no") + " to write n.dot into; make it, or give another "
            + "--output\n", Cli.run("dot", "mnist", "--output", temp.resolve("no/n.dot").toString()));
        fails(2, "mocha: --output n.pdf: expected a name that ends in .dot or .svg\n"
            + "Try 'mocha dot --help' for more information.\n", Cli.run("dot", "mnist", "--output", "n.pdf"));
        fails(2, "mocha: --output png: expected a name that ends in .png or .svg\n"
            + "Try 'mocha plot --help' for more information.\n", Cli.run("plot", "run", "--output", "png"));
        assertEquals(2, Cli.run("dot", "mnist", "--force").code());
        assertEquals(2, Cli.run("dot", "mnist", "--phase", "both").code());
        assertEquals(2, Cli.run("plot").code());
        assertEquals(1, Cli.run("dot", "nowhere.yaml").code());
    }

    @Test void plotsRunsAsPngAndSvg() throws Exception {
        String net = Cli.folder(temp).toString();
        Path one = temp.resolve("one");
        Path two = temp.resolve("two");
        ok(Cli.run("train", net, "--output", one.toString(), "--iterations", "10"));
        ok(Cli.run("train", net, "--output", one.toString()));       // resumed: the figures of both parts
        ok(Cli.run("train", net, "--output", two.toString(), "--seed", "2"));
        Path png = temp.resolve("p.png");
        Cli run = Cli.run("plot", one.toString(), "--output", png.toString());
        ok(run);
        assertEquals("Wrote " + png + ": accuracy, training loss\n", run.out());
        byte[] before = Files.readAllBytes(png);
        var image = ImageIO.read(new ByteArrayInputStream(before));
        assertEquals("1000 x 600", image.getWidth() + " x " + image.getHeight());
        Path svg = temp.resolve("p.svg");
        Cli both = Cli.run("plot", one.toString(), two.resolve("snapshots").toString(), "--output", svg.toString());
        ok(both);
        assertEquals("Wrote " + svg + ": one: accuracy, one: training loss, two: accuracy, two: training loss\n",
            both.out());
        assertTrue(Files.readString(svg).contains("</svg>"));
        assertEquals(1, Cli.run("plot", two.toString(), "--output", png.toString()).code());
        assertArrayEquals(before, Files.readAllBytes(png));
        Path figures = Files.writeString(temp.resolve("figures.csv"), "iteration,statistic,value\n"
            + "10,objective,2.5\n20,objective,0.5\n20,test-accuracy,0.9\n");
        Cli file = Cli.run("plot", figures.toString(), "--output", temp.resolve("figures.svg").toString());
        ok(file);
        assertEquals("Wrote " + temp.resolve("figures.svg") + ": training loss, test-accuracy\n", file.out());
        fails(1, "mocha: " + one + " is given twice; name each run once\n",
            Cli.run("plot", one.toString(), one.toString(), "--output", temp.resolve("q.png").toString()));
        fails(1, "mocha: " + temp.resolve("no") + " does not exist; expected: the output folder of a run, a folder of "
            + "snapshots, or a snapshot\n", Cli.run("plot", temp.resolve("no").toString(), "--output", png + "2.png"));
        fails(1, "mocha: " + temp + " has no snapshots, and none in a folder snapshots; expected: files such as "
            + "snapshot-000123.h5\n", Cli.run("plot", temp.toString(), "--output", png + "2.png"));
        fails(1, "mocha: " + one.resolve("snapshots/snapshot-000000.h5")
            + " has no loss or accuracy to plot; its breaks "
            + "recorded nothing. The breaks TrainingSummary and ValidationPerformance record them until a snapshot\n",
            silent(net));
        assertFalse(Files.exists(Path.of(png + "2.png")));
    }

    /** The first snapshot of a run that only saves. */
    private Cli silent(String net) throws Exception {
        Path one = temp.resolve("one");
        Files.writeString(temp.resolve("silent.yaml"), Cli.NET.replaceAll(".*(TrainingSummary|ValidationPerf).*\n",
            ""));
        ok(Cli.run("train", temp.resolve("silent.yaml").toString(), "--output", temp.resolve("three").toString()));
        Path first = one.resolve("snapshots/snapshot-000000.h5");
        Files.copy(temp.resolve("three/snapshots/snapshot-000000.h5"), first,
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return Cli.run("plot", first.toString(), "--output", temp.resolve("p.png") + "2.png");
    }

    @Test void valuesThatAreNotFiniteAreLeftOut() throws Exception {
        var values = new TreeMap<>(Map.of(1L, 1.0, 2L, Double.NaN, 3L, Double.POSITIVE_INFINITY));
        Curve c = new Curve("only accuracy", true, values);
        assertEquals(Map.of(1L, 1.0), c.values());
        assertTrue(ImageIO.read(new ByteArrayInputStream(Curves.draw(List.of(c), "png"))).getWidth() > 0);
    }

    @Test void completionKnowsEveryCommandAndOption() {
        for (String shell : List.of("bash", "zsh")) {
            Cli run = Cli.run("completion", shell);
            ok(run);
            assertTrue(run.out().contains("check-gradients")
                && run.out().contains("'--samples'") && run.out().contains("complete -F _complete_mocha"), run.out());
            assertEquals(shell.equals("zsh"), run.out().startsWith("autoload "));
        }
        assertEquals(2, Cli.run("completion").code());
        fails(2, "mocha: Invalid value for positional parameter at index 0 (SHELL): expected one of [bash, zsh] "
            + "(case-sensitive) but was 'fish'\nTry 'mocha completion --help' for more information.\n",
            Cli.run("completion", "fish"));
    }
}

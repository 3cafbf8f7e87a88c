package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.integration.example.LeNetExample;
import org.mocha4j.launcher.data.DataWriter;
import org.mocha4j.launcher.data.DrawnDigits;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.SessionOptions;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.config.Yaml;
import org.mocha4j.runtime.train.ProgressListener;
import org.mocha4j.runtime.train.TrainingRun;

/** What README shows works as it stands there. */
class ReadmeIT {
    private static final Path ROOT = Path.of(System.getProperty("mocha.root")).normalize();
    private static final Path README = ROOT.resolve("README.md");
    private static final ProgressListener SILENT = text -> { };
    @TempDir Path temp;
    private Path data;

    @BeforeEach void drawDigits() throws Exception {
        data = temp.resolve("data");
        DataWriter.write(new DrawnDigits(1, 0, 640), new DrawnDigits(1, 10_000, 150), data);
    }

    /** Each block of Java is a source file; where it has a main, that is given the data and a few iterations. */
    @Test void javaBlocksCompileAndRun() throws Exception {
        List<Fence> blocks = Fence.of(README, "java");
        assumeFalse(blocks.isEmpty(), "README.md has no block of Java yet");
        for (Fence block : blocks) {
            Path work = temp.resolve("line" + block.line());
            Path classes = JavaRun.compile(work, JavaRun.jars(), List.of(block));
            if (block.text().contains("static void main")) {
                JavaRun.accuracy(JavaRun.java(work, "-cp", classes + File.pathSeparator + JavaRun.path(JavaRun.jars()),
                    block.className(), data.toString(), "20"), 150);
            }
        }
    }

    @Test void theExampleOfTheTestsRuns() throws Exception {
        JavaRun.accuracy(JavaRun.example(LeNetExample.class, temp, data.toString(), "20"), 150);
        assertTrue(Files.exists(temp.resolve("snapshots/snapshot-000020.h5")));
    }

    /** Whoever changes one of the two changes the other. */
    @Test void theExampleOfTheTestsIsTheOneInReadme() throws Exception {
        List<Fence> blocks = Fence.of(README, "java").stream()
            .filter(b -> b.sourceFile().equals("LeNetExample.java")).toList();
        assumeFalse(blocks.isEmpty(), "README.md has no LeNetExample yet");
        String source = Files.readString(ROOT.resolve("tests/integration/src/test/java")
            .resolve(LeNetExample.class.getName().replace('.', '/') + ".java"));
        assertEquals(source.replaceFirst("^package .*\\R\\R?", ""), blocks.get(0).text());
    }

    /** Each block of YAML is a net's file with a solver: it binds, its nets are wired and planned, and they train. */
    @Test void yamlBlocksBindAndTrain() throws Exception {
        List<Fence> blocks = Fence.of(README, "yaml");
        assumeFalse(blocks.isEmpty(), "README.md has no block of YAML yet");
        Catalog catalog = Catalog.of(PluginLoader.load(ReadmeIT.class.getClassLoader()));
        for (Fence block : blocks) {
            var bound = Experiment.bind(
                Yaml.parse("README.md", "\n".repeat(block.line() - 1) + block.text()), temp, catalog);
            Experiment e = bound.get();
            var job = new TrainingRun.Job(e.name(), e.nodes(bound.positions()), null, e.solver(), e.breaks());
            var result = new TrainingRun(catalog, job,
                new TrainingRun.Options(SessionOptions.DEFAULT.base(temp), temp, 2, SILENT)).train();
            assertEquals(2, result.iterations(), block.toString());
        }
    }
}

package org.mocha4j.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.integration.Fence;
import org.mocha4j.integration.JavaRun;
import org.mocha4j.launcher.command.Host;
import org.mocha4j.launcher.command.Mocha;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.PluginLoader;
import org.mocha4j.runtime.PluginSource;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/** What README and the pages under docs show is true; {@link Pages} says what is done with which block. */
class DocsTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)#\\s]*)(#[^)\\s]*)?\\)");
    @TempDir static Path data;
    @TempDir Path temp;

    @BeforeAll static void layData() throws Exception {
        DocsData.write(data);
    }

    @Test void everyBlockIsOfAKindThatIsTested() throws Exception {
        assertEquals(List.of(), Pages.unknown());
        for (String language : List.of("yaml", "yaml fragment", "java", "java fragment")) {
            assertFalse(Pages.blocks(language).isEmpty(), language);
        }
    }

    @TestFactory Stream<DynamicTest> netsAreWiredAndPlanned() throws Exception {
        return Pages.blocks("yaml").stream().map(b -> DynamicTest.dynamicTest(b.toString(), () -> {
            Path file = Files.writeString(data.resolve("net.yaml"), "\n".repeat(b.line() - 1) + b.text());
            StringWriter out = new StringWriter();
            PrintWriter print = new PrintWriter(out, true);
            int code = new Mocha(new Host(PluginSource.of(PluginLoader.load(DocsTest.class.getClassLoader())), Map.of(),
                print, print, Map.of())).run("validate", file.toString());
            assertEquals(0, code, b + "\n" + out);
        }));
    }

    @TestFactory Stream<DynamicTest> fragmentsBind() throws Exception {
        Catalog catalog = Catalog.of(PluginLoader.load(DocsTest.class.getClassLoader()));
        return Pages.blocks("yaml fragment").stream().map(b -> DynamicTest.dynamicTest(b.toString(), () -> {
            Tree.Mapping m = (Tree.Mapping) Yaml.parse(b.page().getFileName().toString(),
                "\n".repeat(b.line() - 1) + b.text());
            Map<String, Tree> fields = new LinkedHashMap<>(m.fields());
            fields.putIfAbsent("layers", new Tree.Sequence(m.at(), List.of()));
            var bound = Experiment.bind(Tree.Mapping.of(m.at(), fields), data, catalog);
            assertEquals(List.of(), bound.problems().list());
        }));
    }

    @Test void fragmentsOfJavaCompile() throws Exception {
        Fragments.compile(Pages.blocks("java fragment"), temp);
    }

    @TestFactory Stream<DynamicTest> sourceFilesCompileAndProgramsRun() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : Pages.all()) {
            Map<String, String> sources = new LinkedHashMap<>();
            Fence.of(page, "java").stream().filter(b -> !b.sourceFile().equals("module-info.java"))
                .forEach(b -> sources.put(b.className(), b.text()));
            if (!sources.isEmpty()) {
                tests.add(DynamicTest.dynamicTest(Pages.name(page),
                    () -> run(page, sources, JavaExamples.compile(sources,
                    Files.createTempDirectory(temp, "page")))));
            }
        }
        return tests.stream();
    }

    /** Runs the programs of the guide; those of README and of embedding.md are run by ReadmeIT and EmbeddedIT. */
    private void run(Path page, Map<String, String> sources, Path classes) throws Exception {
        if (Pages.name(page).startsWith("docs/guide/")) {
            for (Map.Entry<String, String> source : sources.entrySet()) {
                if (source.getValue().contains("static void main")) {
                    JavaRun.java(classes, "-cp", classes + File.pathSeparator + System.getProperty("java.class.path"),
                        source.getKey(), data.resolve("data").toString(), "20");
                }
            }
        }
    }

    @Test void linksLeadToFiles() throws Exception {
        List<String> dead = new ArrayList<>();
        for (Path page : Pages.all()) {
            Matcher m = LINK.matcher(Files.readString(page));
            while (m.find()) {
                String to = m.group(1);
                if (!to.isEmpty() && !to.contains("://") && Files.notExists(page.resolveSibling(to))) {
                    dead.add(Pages.name(page) + ": " + to);
                }
            }
        }
        assertEquals(List.of(), dead);
    }

    @Test void theDataOfTheExamplesIsThere() {
        assertTrue(Files.exists(data.resolve("data/train.txt")));
    }
}

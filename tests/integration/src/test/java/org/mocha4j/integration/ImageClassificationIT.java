package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.LocalExecutionControlProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.runtime.config.Tree;
import org.mocha4j.runtime.config.Yaml;

/** The page about image classification and its notebook, run as they stand there. */
class ImageClassificationIT {
    private static final Path DOCS = Distribution.ROOT.resolve("docs");
    private static final Pattern RIGHT = Pattern.compile("(\\d+) of 300 right");
    @TempDir Path temp;

    private static void mostAreRight(String text) {
        Matcher m = RIGHT.matcher(text);
        assertTrue(m.find() && Integer.parseInt(m.group(1)) > 280, text);
    }

    @Test void theProgramOfThePage() throws Exception {
        List<Fence> blocks = Fence.of(DOCS.resolve("image-classification.md"), "java");
        assertEquals(List.of("ShapesExample.java"), blocks.stream().map(Fence::sourceFile).toList());
        Path classes = JavaRun.compile(temp, JavaRun.jars(), blocks);
        mostAreRight(JavaRun.java(temp, "-Djava.awt.headless=true", "--add-modules", "jdk.incubator.vector", "-cp",
            classes + File.pathSeparator + JavaRun.path(JavaRun.jars()), "ShapesExample", "shapes.png"));
        BufferedImage written = ImageIO.read(temp.resolve("shapes.png").toFile());
        BufferedImage shown = ImageIO.read(DOCS.resolve("pictures/shapes.png").toFile());
        assertEquals(shown.getWidth() + "x" + shown.getHeight(), written.getWidth() + "x" + written.getHeight());
    }

    /** The cells of code, in order. JSON is YAML. */
    private static List<String> cells(Path notebook) {
        Tree.Mapping root = (Tree.Mapping) Yaml.read(notebook);
        assertEquals("[4]", "[" + text(root.fields().get("nbformat")) + "]");
        List<String> cells = new ArrayList<>();
        for (Tree t : ((Tree.Sequence) root.fields().get("cells")).items()) {
            var fields = ((Tree.Mapping) t).fields();
            if (text(fields.get("cell_type")).equals("code")) {
                StringBuilder source = new StringBuilder();
                ((Tree.Sequence) fields.get("source")).items().forEach(line -> source.append(text(line)));
                cells.add(source.toString());
            }
        }
        return cells;
    }

    private static String text(Tree t) {
        return ((Tree.Scalar) t).text();
    }

    /** The jars of the first cell are here on the class path already; {@code display} is the kernel's. */
    @Test void theCellsOfTheNotebook() throws Exception {
        List<String> cells = cells(DOCS.resolve("notebooks/image-classification.ipynb"));
        assertTrue(cells.get(0).lines().allMatch(
            l -> l.matches("%classpath \\.\\./\\.\\./launcher/target/mocha/\\w+/\\*\\.jar")), cells.get(0));
        StringBuilder values = new StringBuilder();
        try (JShell shell = JShell.builder().executionEngine(new LocalExecutionControlProvider(), null).build()) {
            run(shell, "import java.util.*; void display(Object o) { Objects.requireNonNull(o); }");
            for (String cell : cells.subList(1, cells.size())) {
                values.append(run(shell, cell)).append("\n");
            }
        }
        mostAreRight(values.toString());
        assertTrue(values.toString().contains("Prediction[label=2, name=triangle, probability=0."), values.toString());
    }

    /** Runs all snippets of a cell and gives the value of the last. */
    private static String run(JShell shell, String cell) {
        String rest = cell;
        String value = null;
        while (!rest.isBlank()) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            assertTrue(next.completeness().isComplete(), rest);
            for (SnippetEvent e : shell.eval(next.source())) {
                if (e.causeSnippet() == null) {
                    String problems = shell.diagnostics(e.snippet()).map(d -> d.getMessage(null)).toList().toString();
                    assertEquals(Snippet.Status.VALID, e.status(), next.source() + "\n" + problems);
                    if (e.exception() != null) {
                        throw new AssertionError(next.source(), e.exception());
                    }
                    value = e.value();
                }
            }
            rest = next.remaining();
        }
        return value;
    }

    @Test void thePicturesAreThereAndSmall() throws Exception {
        String page = Files.readString(DOCS.resolve("image-classification.md"));
        Matcher m = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)").matcher(page);
        int found = 0;
        while (m.find()) {
            Path picture = DOCS.resolve(m.group(1));
            assertTrue(Files.size(picture) < 100_000, picture.toString());
            found++;
        }
        assertEquals(2, found);
        assertNotNull(ImageIO.read(DOCS.resolve("pictures/shapes.png").toFile()));
    }
}

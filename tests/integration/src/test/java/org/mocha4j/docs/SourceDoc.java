package org.mocha4j.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.mocha4j.integration.Distribution;

/**
 * The Javadoc of a type, as its source has it, turned into Markdown.
 *
 * @param file        relative to the project
 * @param description without block tags; empty if there is no Javadoc
 * @param params      by name
 * @param tags        the other block tags by name, such as {@code yaml}, unchanged but on one line each
 */
record SourceDoc(Path file, String description, Map<String, String> params, Map<String, String> tags) {
    private static final Pattern BLOCK = Pattern.compile("(?m)^[ \\t]*@(\\w+)(?=\\s|$)");
    private static final int SHORT = 12;
    private static final Pattern PARAM = Pattern.compile("(?s)\\s*(\\S+)(?:\\s+(.*))?");

    /** @throws IllegalStateException if the project has no source of it */
    static SourceDoc of(Class<?> type) {
        Path file = file(type);
        String[] comment = {""};
        try (StandardJavaFileManager files = ToolProvider.getSystemJavaCompiler()
            .getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, files, null,
                List.of("-proc:none"), null, files.getJavaFileObjects(Distribution.ROOT.resolve(file)));
            Trees trees = Trees.instance(task);
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitClass(ClassTree tree, Void nothing) {
                    String text = tree.getSimpleName().contentEquals(type.getSimpleName())
                        ? trees.getDocComment(getCurrentPath()) : null;
                    comment[0] = text == null ? comment[0] : text;
                    return super.visitClass(tree, nothing);
                }
            }.scan(task.parse(), null);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
        return of(file, comment[0]);
    }

    private static SourceDoc of(Path file, String comment) {
        Map<String, String> params = new LinkedHashMap<>();
        Map<String, String> tags = new LinkedHashMap<>();
        Matcher m = BLOCK.matcher(comment);
        int first = m.find() ? m.start() : comment.length();
        for (boolean more = first < comment.length(); more;) {
            String tag = m.group(1);
            int from = m.end();
            more = m.find();
            String text = comment.substring(from, more ? m.start() : comment.length()).strip();
            Matcher param = PARAM.matcher(text);
            if (tag.equals("param") && param.matches()) {
                params.put(param.group(1), Markdown.line(param.group(2) == null ? "" : param.group(2)));
            } else {
                tags.merge(tag, text.replaceAll("\\s*\\R\\s*", " "), (a, b) -> a + ", " + b);
            }
        }
        return new SourceDoc(file, Markdown.paragraphs(comment.substring(0, first)), params, tags);
    }

    private static Path file(Class<?> type) {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        String name = outer.getName().replace('.', '/') + ".java";
        try (Stream<Path> folders = Files.walk(Distribution.ROOT, 2)) {
            return folders.map(f -> f.resolve("src/main/java").resolve(name)).filter(Files::exists).findFirst()
                .map(Distribution.ROOT::relativize)
                .orElseThrow(() -> new IllegalStateException("no src/main/java has " + name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first sentence up to its colon, unless next to nothing is before that; without a full stop. */
    String summary() {
        String sentence = description.split("\n\n", 2)[0].replace('\n', ' ').replaceFirst("\\.(\\s.*)?$", "");
        String start = sentence.replaceFirst(":\\s.*$", "");
        return start.length() < SHORT ? sentence : start;
    }
}

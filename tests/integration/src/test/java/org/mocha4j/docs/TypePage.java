package org.mocha4j.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Source;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.TypeEntry;
import org.mocha4j.runtime.config.NodeConfig;

/** The page of one type: its Javadoc, its fields with their defaults, its examples, and its names elsewhere. */
final class TypePage {
    /** Block tags that each type needs, with what they say. */
    private static final Map<String, String> TAGS = Map.of(
        "yaml", "an example as files write it",
        "java", "an expression that makes the same in Java",
        "caffe", "what Caffe calls type and fields, or: none",
        "mocha", "what Mocha calls type and fields, or: none");
    private static final Path NOWHERE = Path.of("").toAbsolutePath();

    final Kind kind;
    final TypeEntry entry;
    final SourceDoc doc;
    private final Catalog catalog;

    TypePage(Kind kind, TypeEntry entry, Catalog catalog) {
        this.kind = kind;
        this.entry = entry;
        this.catalog = catalog;
        this.doc = SourceDoc.of(entry.type());
    }

    String file() {
        return kind.folder() + "/" + entry.name() + ".md";
    }

    /** What the Javadoc lacks for a page, each with the place. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        String of = doc.file() + ": the Javadoc of " + entry.name() + " has no ";
        if (doc.description().isEmpty()) {
            missing.add(of + "description; expected: formula, shapes, edge cases");
        }
        TAGS.keySet().stream().sorted().filter(t -> doc.tags().getOrDefault(t, "").isEmpty())
            .forEach(t -> missing.add(of + "@" + t + "; expected: " + TAGS.get(t)));
        boolean inner = missing.isEmpty() && kind.role == Layer.class && !Source.class.isAssignableFrom(entry.type());
        if (inner && !doc.tags().containsKey("shape")) {
            missing.add(of + "@shape; expected: the bottoms of the example, such as data [64, 1, 28, 28]");
        }
        if (missing.isEmpty()) {
            fields().stream().filter(f -> f.meaning() == null || f.meaning().isEmpty())
                .forEach(f -> missing.add(of + "@param " + f.name() + "; expected: what it is"));
        }
        return missing;
    }

    /** What the example in files binds to. */
    Record bound() {
        return kind.bind(entry.type(), doc.tags().get("yaml"), NOWHERE, catalog);
    }

    private List<Field> fields() {
        return Field.of(Kind.own(bound()), catalog);
    }

    String text() {
        StringBuilder out = new StringBuilder("<!-- Generated from the Javadoc in ").append(slashes(doc.file()))
            .append(" by tooling/docs. -->\n# ").append(entry.name()).append("\n\n");
        out.append("A ").append(kind.word()).append(": [`").append(entry.type().getName()).append("`](../../../")
            .append(slashes(doc.file())).append(")\n\n").append(doc.description()).append("\n\n## Fields\n\n");
        List<Field> fields = fields();
        out.append(fields.isEmpty() ? "None.\n" : table(fields));
        inner(fields).forEach(c -> out.append("\n### ").append(c.getSimpleName()).append("\n\n").append(inner(c)));
        out.append("\n## Example\n\n```yaml fragment\n").append(kind.inFile(doc.tags().get("yaml")))
            .append("```\n\n```java fragment\nvar example = ").append(doc.tags().get("java")).append(";\n```\n");
        String shapes = doc.tags().getOrDefault("shape", "");
        if (bound() instanceof NodeConfig n && !shapes.startsWith("none")
                && (!shapes.isEmpty() || n.bottoms().isEmpty() && n.layer() instanceof Source
                && !doc.tags().get("yaml").contains("source:"))) {
            out.append("\n").append(Shapes.text(n, Shapes.parse(shapes), catalog))
                .append("\n");
        }
        return out.append("\n## Elsewhere\n\n- Caffe: ").append(elsewhere("caffe")).append("\n- Mocha: ")
            .append(elsewhere("mocha")).append("\n").toString();
    }

    private String elsewhere(String tag) {
        return Markdown.line(doc.tags().get(tag)).replaceAll("(?<![`\\w])\\w+_\\w+(?![`\\w])", "`$0`");
    }

    private static String slashes(Path p) {
        return p.toString().replace('\\', '/');
    }

    static String table(List<Field> fields) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("field", "takes", "default", "")));
        fields.forEach(f -> rows.add(List.of("`" + f.name() + "`", f.words(),
            f.shown(), f.meaning())));
        return Markdown.table(rows);
    }

    private static Set<Class<?>> inner(List<Field> fields) {
        Set<Class<?>> found = new LinkedHashSet<>();
        fields.forEach(f -> {
            if (f.inner() != null) {
                found.add(f.inner());
            }
        });
        return found;
    }

    /** The fields of a record within the type, without defaults, which depend on who has it. */
    static String inner(Class<?> record) {
        SourceDoc doc = SourceDoc.of(record);
        List<List<String>> rows = new ArrayList<>(List.of(List.of("field", "takes", "")));
        for (var c : record.getRecordComponents()) {
            Field f = new Field(c.getName(), c.getGenericType(), "", doc.params().get(c.getName()));
            rows.add(List.of("`" + f.name() + "`", f.words(), f.meaning() == null ? "" : f.meaning()));
        }
        return doc.description() + "\n\n" + Markdown.table(rows);
    }
}

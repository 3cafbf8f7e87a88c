package org.mocha4j.docs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mocha4j.integration.Fence;

/** Statements of Java on pages, within a method. */
final class Fragments {
    /** What a fragment may use, besides {@link JavaExamples#IMPORTS}. */
    private static final String METHOD = "static void fragment(Catalog catalog, Session session, List<Node> nodes, "
        + "Net train, Net test, SolverConfig how, Solver solver, Path folder) throws Exception {";

    private Fragments() {
    }

    static void compile(List<Fence> blocks, Path temp) throws Exception {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Fence b : blocks) {
            String name = Pages.name(b.page()).replaceAll("\\W", "_") + "_line_" + b.line();
            sources.put(name, own(b) + JavaExamples.IMPORTS + "class " + name + " {\n" + METHOD + "\n" + b.text()
                + "}\n}\n");
        }
        JavaExamples.compile(sources, temp);
    }

    /** On the page of a type that type wins over others of its name. */
    private static String own(Fence b) throws Exception {
        String page = java.nio.file.Files.readString(b.page());
        var own = java.util.regex.Pattern.compile("(?m)^An? [a-z ]+: \\[`([\\w.]+)`\\]").matcher(page);
        return page.startsWith("<!-- Generated") && own.find() ? "import " + own.group(1) + ";\n" : "";
    }
}

package org.mocha4j.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.mocha4j.integration.Distribution;
import org.mocha4j.integration.Fence;

/**
 * The project's pages and their fenced blocks.
 *
 * <ul>
 * <li>{@code yaml} is a whole net: it binds, and its nets are wired and planned.
 * <li>{@code yaml fragment} has some of a net's file's keys: it binds.
 * <li>{@code java} is a source file: it compiles; one with a {@code main} is run, with the folder of the data and a
 *     number of iterations.
 * <li>{@code java fragment} is statements: they compile within a method that has what {@link Fragments} says.
 * </ul>
 */
final class Pages {
    private static final Set<String> LANGUAGES = Set.of("yaml", "yaml fragment", "java", "java fragment", "manifest",
        "",
        "text", "sh", "python");

    private Pages() {
    }

    static List<Path> all() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Distribution.ROOT.resolve("README.md"),
            Distribution.ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.walk(Distribution.ROOT.resolve("docs"))) {
            files.filter(f -> f.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** The blocks of a language on all pages. */
    static List<Fence> blocks(String language) throws IOException {
        List<Fence> found = new ArrayList<>();
        for (Path page : all()) {
            found.addAll(Fence.of(page, language));
        }
        return found;
    }

    /** Fences that no test would see: of an unknown language, or without an end. */
    static List<String> unknown() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path page : all()) {
            boolean open = false;
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.stripLeading().startsWith("```")) {
                    if (!open && !LANGUAGES.contains(line.substring(3)) || open && !line.equals("```")) {
                        wrong.add(name(page) + ":" + (i + 1) + ": " + line + "; expected one of " + LANGUAGES);
                    }
                    open = !open;
                }
            }
            if (open) {
                wrong.add(name(page) + ": the last block has no end");
            }
        }
        return wrong;
    }

    /** Relative to the project. */
    static String name(Path page) {
        return Distribution.ROOT.relativize(page).toString().replace('\\', '/');
    }
}

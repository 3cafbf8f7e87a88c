package org.mocha4j.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mocha4j.integration.Distribution;

/** The tests of all modules, by the names of their classes, as their sources have them. */
public final class TestIndex {
    private static final Pattern METHOD = Pattern.compile(
        "@(?:Test|ParameterizedTest|TestFactory|RepeatedTest)\\b(?:\\([^)]*\\))?(?:\\s*@\\w+(?:\\([^)]*\\))?)*\\s*"
            + "(?:public |static |final )*[\\w<>?,. ]+\\s(\\w+)\\(");

    private final Map<String, Set<String>> methods = new HashMap<>();

    private TestIndex() {
    }

    public static TestIndex read() throws IOException {
        TestIndex index = new TestIndex();
        try (Stream<Path> files = Files.walk(Distribution.ROOT)) {
            for (Path f : files.filter(p -> p.toString().replace('\\', '/').matches(".*/src/test/java/.*\\.java"))
                .toList()) {
                String name = f.toString().replace('\\', '/').replaceFirst(".*/src/test/java/", "")
                    .replaceFirst("\\.java$", "").replace('/', '.');
                Matcher m = METHOD.matcher(Files.readString(f));
                while (m.find()) {
                    index.methods.computeIfAbsent(name, k -> new TreeSet<>()).add(m.group(1));
                }
            }
        }
        return index;
    }

    /** What is wrong with {@code SolverTest#method} or {@code train.SolverTest#method}; empty if that is one test. */
    public String problem(String test) {
        String[] parts = test.split("#");
        List<String> classes = methods.keySet().stream()
            .filter(c -> c.equals(parts[0]) || c.endsWith("." + parts[0])).sorted().toList();
        if (parts.length != 2 || classes.isEmpty()) {
            return "there is no class of tests [" + parts[0] + "]";
        }
        if (classes.size() > 1) {
            return "[" + parts[0] + "] is one of " + classes;
        }
        Set<String> of = methods.get(classes.get(0));
        return of.contains(parts[1]) ? "" : classes.get(0) + " has no test [" + parts[1] + "]; it has " + of;
    }
}

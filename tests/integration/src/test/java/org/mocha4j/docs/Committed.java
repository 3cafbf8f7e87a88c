package org.mocha4j.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mocha4j.integration.Distribution;

/** Generated pages that are committed: compared in a test, written anew by {@code tooling/docs}. */
final class Committed {
    private static final boolean WRITE = "write".equals(System.getProperty("mocha.docs"));
    static final String REMEDY = "run tooling/docs and commit what it changes";

    private Committed() {
    }

    /** Requires the folder to have exactly these files, or makes it so. */
    static void folder(String folder, Map<String, String> wanted) throws IOException {
        Path root = Distribution.ROOT.resolve(folder);
        Map<String, String> there = new TreeMap<>();
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path f : files.filter(Files::isRegularFile).toList()) {
                    there.put(root.relativize(f).toString().replace('\\', '/'), Files.readString(f));
                }
            }
        }
        List<String> problems = new ArrayList<>();
        for (String name : wanted.keySet()) {
            String page = folder + "/" + name;
            if (!there.containsKey(name)) {
                problems.add(page + " is missing");
            } else if (!there.get(name).equals(wanted.get(name))) {
                problems.add(page + " differs from the sources, first in line "
                    + line(there.get(name), wanted.get(name)));
            }
        }
        there.keySet().stream().filter(n -> !wanted.containsKey(n))
            .forEach(n -> problems.add(folder + "/" + n + " is of no type that there is"));
        if (WRITE) {
            for (String name : there.keySet()) {
                if (!wanted.containsKey(name)) {
                    Files.delete(root.resolve(name));
                }
            }
            for (Map.Entry<String, String> page : wanted.entrySet()) {
                Files.createDirectories(root.resolve(page.getKey()).getParent());
                Files.writeString(root.resolve(page.getKey()), page.getValue());
            }
        } else {
            assertEquals(List.of(), problems, REMEDY);
        }
    }

    /** Requires one page to be as it should, or makes it so. */
    static void page(String name, String wanted) throws IOException {
        Path file = Distribution.ROOT.resolve(name);
        if (WRITE) {
            Files.writeString(file, wanted);
        } else {
            assertEquals(wanted, Files.exists(file) ? Files.readString(file) : "", name + ": " + REMEDY);
        }
    }

    private static long line(String a, String b) {
        int same = 0;
        while (same < Math.min(a.length(), b.length()) && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return a.substring(0, same).lines().count() + (same == 0 || a.charAt(same - 1) == '\n' ? 1 : 0);
    }
}

package org.mocha4j.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small edit that breaks a rule, and the test that must fail then.
 *
 * @param rule what is broken, in the words of the rule
 * @param file relative to the project
 * @param old  text that stands there exactly once, in one line
 * @param by   what takes its place
 * @param test class and method
 */
record Mutation(String rule, Path file, String old, String by, String test) {
    /** Reads a list: blocks of {@code rule: … file: … - old + by test: …}, a line each, empty lines between. */
    static List<Mutation> read(Path list) throws IOException {
        List<Mutation> all = new ArrayList<>();
        String[] part = new String[5];
        List<String> lines = new ArrayList<>(Files.readAllLines(list));
        lines.add("");
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                if (part[0] != null) {
                    all.add(of(part, list + ":" + i));
                }
                part = new String[5];
                continue;
            }
            String[] keys = {"rule: ", "file: ", "- ", "+ ", "test: "};
            boolean known = line.equals("+");
            part[3] = known ? "" : part[3];
            for (int k = 0; k < keys.length; k++) {
                if (line.startsWith(keys[k])) {
                    part[k] = line.substring(keys[k].length());
                    known = true;
                }
            }
            if (!known) {
                throw new IllegalStateException(list + ":" + (i + 1) + ": " + line
                    + "; expected rule:, file:, -, + or test:");
            }
        }
        return all;
    }

    private static Mutation of(String[] part, String where) {
        for (String p : part) {
            if (p == null) {
                throw new IllegalStateException(where + ": a block needs rule:, file:, -, + and test:");
            }
        }
        return new Mutation(part[0], Path.of(part[1]), part[2], part[3], part[4]);
    }

    /** The source with the edit. @throws IllegalStateException if what is replaced does not stand there once */
    String mutated(Path root) throws IOException {
        Path path = root.resolve(file);
        String text = Files.exists(path) ? Files.readString(path) : "";
        int at = text.indexOf(old);
        if (at < 0 || text.indexOf(old, at + 1) >= 0) {
            throw new IllegalStateException(rule + ": " + file + " has [" + old + "] " + (at < 0 ? "nowhere" : "twice")
                + "; expected: once");
        }
        return text.substring(0, at) + by + text.substring(at + old.length());
    }
}

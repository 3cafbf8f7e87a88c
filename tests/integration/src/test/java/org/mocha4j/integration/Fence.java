package org.mocha4j.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a page of documentation.
 *
 * @param line where its text begins, from 1
 */
public record Fence(Path page, int line, String language, String text) {
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:public |final )*(?:class|record|interface|enum) "
            + "(\\w+)");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

    /** The blocks of a language, in order; none if there is no such page. */
    public static List<Fence> of(Path page, String language) throws IOException {
        List<Fence> found = new ArrayList<>();
        if (Files.notExists(page)) {
            return found;
        }
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                if (lines.get(i).equals("```" + language)) {
                    found.add(new Fence(page, i + 2, language, String.join("\n", lines.subList(i + 1, end)) + "\n"));
                }
                i = end;
            }
        }
        return found;
    }

    /** The file that a block of Java belongs in. */
    public String sourceFile() {
        if (text.startsWith("module ") || text.startsWith("open module ")) {
            return "module-info.java";
        }
        Matcher type = TYPE.matcher(text);
        if (!type.find()) {
            throw new IllegalStateException(this + " declares no type; expected: a whole source file");
        }
        Matcher inPackage = PACKAGE.matcher(text);
        return (inPackage.find() ? inPackage.group(1).replace('.', '/') + "/" : "") + type.group(1) + ".java";
    }

    /** The class of a block of Java. */
    public String className() {
        return sourceFile().replace('/', '.').replaceFirst("\\.java$", "");
    }

    @Override public String toString() {
        return page.getFileName() + ":" + line;
    }
}

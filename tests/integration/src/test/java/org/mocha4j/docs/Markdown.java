package org.mocha4j.docs;

import java.util.ArrayList;
import java.util.List;

/** Javadoc's text as Markdown: inline tags, the few elements of HTML that this project uses, and entities. */
final class Markdown {
    private Markdown() {
    }

    /** Paragraphs and lists, with the line breaks of the source. */
    static String paragraphs(String javadoc) {
        String text = html(inline(javadoc)).replaceAll("(?m)^[ \\t]+(?!- )", "").replaceAll("(?m)[ \\t]+$", "");
        return text.replaceAll("\\n{3,}", "\n\n").strip();
    }

    /** The same on one line, for a cell of a table. */
    static String line(String javadoc) {
        return paragraphs(javadoc).replaceAll("\\s*\\R\\s*", " ");
    }

    /** Text for a cell: a vertical bar would end it. */
    static String cell(String markdown) {
        return markdown.replace("|", "\\|");
    }

    /** A table with these rows, the first of which is the head. */
    static String table(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add("| " + String.join(" | ", row.stream().map(Markdown::cell).toList()) + " |");
            if (lines.size() == 1) {
                lines.add("|" + "---|".repeat(row.size()));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String html(String text) {
        return text.replaceAll("\\s*<p>\\s*", "\n\n").replaceAll("\\s*</?(ul|ol)>\\s*", "\n\n")
            .replaceAll("\\s*<li>\\s*", "\n- ").replaceAll("</(p|li)>", "")
            .replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }

    private static String inline(String text) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int tag = text.indexOf("{@"); tag >= 0; tag = text.indexOf("{@", at)) {
            out.append(text, at, tag);
            int end = close(text, tag);
            String[] parts = text.substring(tag + 2, end).split("\\s+", 2);
            String content = parts.length < 2 ? "" : parts[1].replaceAll("\\s+", " ").strip();
            out.append(switch (parts[0]) {
                case "code" -> "`" + content + "`";
                case "link", "linkplain" -> "`" + linked(content) + "`";
                default -> throw new IllegalStateException("{@" + parts[0]
                    + "} has no form in Markdown here; expected: "
                    + "{@code}, {@link}");
            });
            at = end + 1;
        }
        return out.append(text.substring(at)).toString();
    }

    /** What a link shows: its label, else the name without package and parameters' packages. */
    private static String linked(String content) {
        String[] parts = content.split(" (?![^(]*\\))", 2);
        return parts.length == 2 ? parts[1] : parts[0].replaceFirst("^#", "").replaceAll("\\b[a-z]\\w*\\.(?=\\w)", "")
            .replace('#', '.');
    }

    private static int close(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalStateException("no } for " + text.substring(open, Math.min(text.length(), open + 30)));
    }
}

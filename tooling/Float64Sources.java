import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Translates a package of Java sources that compute in float32 into one that computes in float64, word by word: Java
 * has no generic code over primitive types, and each loop shall be written once.
 *
 * <p>Usage: {@code java Float64Sources.java FROM TO}, two folders; run by backend-cpu's pom at generate-sources. The
 * words are those of {@link #WORDS}, names that begin with {@code Float}, and literals like {@code 0.5f}.
 * {@code double} stays, as what is wider than float32. A word that depends on the type and that this program does not
 * know is an error, as is one that means float64 already, since it would mean the same as the translation of another.
 */
final class Float64Sources {
    private static final Map<String, String> WORDS = Map.of("float", "double", "floats", "doubles",
        "float32", "float64", "FLOAT32", "FLOAT64");
    private static final Set<String> TAKEN = Set.of("doubles", "float64", "FLOAT64");
    /** Comments, strings, characters, words, numbers; what matches none is copied. */
    private static final Pattern TOKEN = Pattern.compile("(?<text>//[^\n]*|(?s:/\\*.*?\\*/)|\"(?:[^\"\\\\\n]|\\\\.)*\""
        + "|'(?:[^'\\\\\n]|\\\\.)+')|(?<word>[A-Za-z_$][\\w$]*)|(?<number>\\.?\\d(?:[\\w.]|(?<=[eEpP])[+-])*)");
    private static final Pattern WORD = Pattern.compile("\\w+");
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:(?:public|final|abstract|sealed) )*"
        + "(?:class|interface|record|enum) ");

    private Float64Sources() {
    }

    public static void main(String[] args) throws IOException {
        try {
            translate(Path.of(args[0]), Files.createDirectories(Path.of(args[1])));
        } catch (IllegalArgumentException e) {
            System.err.println("float64 sources: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void translate(Path from, Path to) throws IOException {
        Set<Path> written = files(from).stream().map(f -> write(f, to)).collect(Collectors.toSet());
        for (Path old : files(to)) {
            if (!written.contains(old)) {
                Files.delete(old);
            }
        }
        if (written.isEmpty()) {
            throw new IllegalArgumentException(from + " holds no sources");
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
    }

    /** Writes a file's translation, where it differs from what is there, so that nothing is compiled in vain. */
    private static Path write(Path from, Path folder) {
        try {
            String name = from.getFileName().toString().replace(".java", "");
            Path to = folder.resolve(word(name) + ".java");
            String text = marked(translate(Files.readString(from)), from.getFileName());
            if (!Files.exists(to) || !Files.readString(to).equals(text)) {
                Files.writeString(to, text);
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(from.getFileName() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String translate(String source) {
        if (source.contains("\"\"\"")) {
            throw new IllegalArgumentException("text blocks are not read");
        }
        return TOKEN.matcher(source).replaceAll(m -> {
            String t = m.group();
            return Matcher.quoteReplacement(m.group(1) != null ? text(t) : m.group(2) != null ? word(t) : number(t));
        });
    }

    /** Casts that were needed need not be any more. */
    private static String marked(String text, Path from) {
        Matcher m = TYPE.matcher(text);
        if (!m.find()) {
            throw new IllegalArgumentException("no class is declared");
        }
        return "// Translated from " + from + " by tooling/Float64Sources.java: edit that instead.\n"
            + text.substring(0, m.start()) + "@SuppressWarnings(\"cast\")\n" + text.substring(m.start());
    }

    private static String word(String w) {
        if (TAKEN.contains(w) || w.startsWith("Double")) {
            throw new IllegalArgumentException(w + " means float64 already; write it where both types can share it");
        } else if (WORDS.containsKey(w)) {
            return WORDS.get(w);
        } else if (w.startsWith("Float")) {
            return "Double" + w.substring("Float".length());
        } else if (w.toLowerCase(java.util.Locale.ROOT).contains("float")) {
            throw new IllegalArgumentException(w + " has no translation to float64; "
                + "write what uses it for both types, as overloads");
        }
        return w;
    }

    private static String number(String n) {
        boolean hexadecimal = n.startsWith("0x") || n.startsWith("0X");
        boolean digit = hexadecimal && !n.contains("p") && !n.contains("P");
        if (digit || !n.endsWith("f") && !n.endsWith("F")) {
            return n;
        }
        String bare = n.substring(0, n.length() - 1);
        return hexadecimal || bare.contains(".") || bare.contains("e") || bare.contains("E") ? bare : bare + ".0";
    }

    /** Comments and strings: what is known is translated, the rest is language. */
    private static String text(String t) {
        return WORD.matcher(t).replaceAll(m -> {
            String w = m.group();
            return Matcher.quoteReplacement(WORDS.containsKey(w) || w.matches("Float([A-Z]\\w*)?") ? word(w) : w);
        });
    }
}

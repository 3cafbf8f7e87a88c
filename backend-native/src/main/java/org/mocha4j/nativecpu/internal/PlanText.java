package org.mocha4j.nativecpu.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.nativecpu.internal.PlanFile.Choice;
import org.mocha4j.nativecpu.internal.PlanFile.Machine;

/** The text of a plan file: the machine, then a line per convolution. Blank lines and those that begin with # are passed over. */
final class PlanText {
    private static final List<String> WAYS = List.of("columns", "direct", "onednn", "winograd");
    private static final String SHAPE = "\\d+x\\d+x\\d+x\\d+";
    private static final String SIZE = "\\d+x\\d+";
    private static final Pattern LINE = Pattern.compile("((?:(?:forward|inference)(?:\\+bias)?(?:\\+relu)?|data-gradient"
            + "|filter-gradient(?:\\+bias)?) images " + SHAPE + " filters " + SHAPE + " output " + SHAPE + " stride " + SIZE
            + " pad " + SIZE + " dilation " + SIZE + " groups \\d+): (\\S+)(?: \\((.*)\\))?");
    private static final Pattern TIME = Pattern.compile("(\\S+) (\\d+\\.\\d+) ms");

    private final String file;
    private final Map<String, String> wanted = new LinkedHashMap<>();
    private final Map<String, Choice> choices = new LinkedHashMap<>();

    private PlanText(String file, Machine machine) {
        this.file = file;
        wanted.putAll(head(machine));
    }

    private static Map<String, String> head(Machine m) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("library", m.library());
        all.put("threads", Integer.toString(m.threads()));
        return all;
    }

    static String write(Machine machine, Map<String, Choice> choices) {
        StringBuilder s = new StringBuilder("# The fastest way to compute each convolution, in milliseconds, found by --tune.\n");
        head(machine).forEach((name, value) -> s.append(name).append(' ').append(value).append('\n'));
        choices.forEach((key, c) -> {
            s.append(key).append(": ").append(c.way());
            String between = " (";
            for (Map.Entry<String, Double> t : new TreeMap<>(c.milliseconds()).entrySet()) {
                s.append(between).append(String.format(Locale.ROOT, "%s %.3f ms", t.getKey(), t.getValue()));
                between = ", ";
            }
            s.append(c.milliseconds().isEmpty() ? "\n" : ")\n");
        });
        return s.toString();
    }

    /** @throws ConfigurationException with file and line if it is not such a text or of another machine */
    static Map<String, Choice> read(String file, String text, Machine machine) {
        PlanText p = new PlanText(file, machine);
        int line = 0;
        for (String s : text.split("\\R", -1)) {
            line++;
            if (!s.isBlank() && !s.startsWith("#")) {
                p.line(s.strip(), line);
            }
        }
        if (!p.wanted.isEmpty()) {
            throw new ConfigurationException(file + ": there is no line [" + p.wanted.keySet().iterator().next()
                    + "]; expected: a plan file that --tune has written");
        }
        return p.choices;
    }

    private void line(String s, int line) {
        String[] words = s.split(" ", 2);
        if (wanted.containsKey(words[0])) {
            String want = wanted.remove(words[0]);
            String found = words.length == 1 ? "" : words[1];
            if (!found.equals(want)) {
                throw failure(line, "made with " + words[0] + " [" + found + "], and this device has [" + want
                        + "]; the times of one say nothing about the other: give another file to --tune");
            }
            return;
        }
        Matcher m = LINE.matcher(s);
        if (!m.matches()) {
            throw failure(line, "[" + s + "] is not a line of a plan file; expected: library, threads, or for example"
                    + " [forward+bias images 64x1x28x28 filters 20x1x5x5 output 64x20x24x24 stride 1x1 pad 0x0 dilation 1x1"
                    + " groups 1: onednn]");
        }
        Choice before = choices.put(m.group(1), new Choice(way(m.group(2), line), times(m.group(3), line), line));
        if (before != null) {
            throw failure(line, "the same convolution as in line " + before.line());
        }
    }

    private Map<String, Double> times(String text, int line) {
        Map<String, Double> all = new TreeMap<>();
        if (text != null) {
            for (String part : text.split(", ", -1)) {
                Matcher m = TIME.matcher(part);
                if (!m.matches()) {
                    throw failure(line, "[" + part + "] is not a time; expected: for example [onednn 0.270 ms]");
                }
                all.put(way(m.group(1), line), Double.parseDouble(m.group(2)));
            }
        }
        return all;
    }

    private String way(String name, int line) {
        if (!WAYS.contains(name)) {
            throw failure(line, "there is no way [" + name + "] to compute convolutions; expected one of " + WAYS);
        }
        return name;
    }

    private ConfigurationException failure(int line, String text) {
        return new ConfigurationException(file + ":" + line + ": " + text);
    }
}

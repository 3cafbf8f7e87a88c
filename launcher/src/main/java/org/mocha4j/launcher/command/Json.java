package org.mocha4j.launcher.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and booleans as JSON. What is not finite becomes null, anything else its text. */
final class Json {
    private final StringBuilder out = new StringBuilder();

    private Json() { }

    /** A map in order of its pairs: key, value, key, value. */
    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    static String text(Object value) {
        Json json = new Json();
        json.write(value, "\n");
        return json.out.toString();
    }

    private void write(Object value, String newline) {
        if (value instanceof Map<?, ?> map) {
            items('{', '}', map.entrySet(), newline);
        } else if (value instanceof List<?> list) {
            items('[', ']', list, newline);
        } else if (value instanceof Map.Entry<?, ?> field) {
            string((String) field.getKey());
            out.append(": ");
            write(field.getValue(), newline);
        } else if (value == null || value instanceof Double d && !Double.isFinite(d)) {
            out.append("null");
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            string(value.toString());
        }
    }

    private void items(char open, char close, Iterable<?> items, String newline) {
        out.append(open);
        String before = newline + "  ";
        boolean any = false;
        for (Object item : items) {
            out.append(any ? "," : "").append(before);
            write(item, before);
            any = true;
        }
        out.append(any ? newline : "").append(close);
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

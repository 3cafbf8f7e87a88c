package org.mocha4j.hdf5;

import io.jhdf.api.Attribute;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts as attributes. HDF5 keeps an attribute of at most 64 KiB, so a longer text is written in parts, under its name
 * followed by {@code #0}, {@code #1}, …
 */
final class Texts {
    private static final int PART = 10_000;                      // characters, at most 40,000 bytes

    private Texts() {
    }

    static Map<String, String> split(Map<String, String> texts) {
        Map<String, String> parts = new LinkedHashMap<>();
        texts.forEach((name, text) -> {
            if (text.length() <= PART) {
                parts.put(name, text);
                return;
            }
            int from = 0;
            for (int i = 0; from < text.length(); i++) {
                int to = Math.min(text.length(), from + PART);
                if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                    to--;
                }
                parts.put(name + "#" + i, text.substring(from, to));
                from = to;
            }
        });
        return parts;
    }

    static Map<String, String> join(Map<String, String> parts) {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, String> e : parts.entrySet()) {
            int mark = e.getKey().lastIndexOf("#");
            String tail = mark < 0 ? "" : e.getKey().substring(mark + 1);
            String name = mark < 0 ? "" : e.getKey().substring(0, mark);
            if (!tail.matches("[0-9]+") || !parts.containsKey(name + "#0") || parts.containsKey(name)) {
                texts.put(e.getKey(), e.getValue());
            } else if (tail.equals("0")) {
                StringBuilder all = new StringBuilder();
                for (int i = 0; parts.containsKey(name + "#" + i); i++) {
                    all.append(parts.get(name + "#" + i));
                }
                texts.put(name, all.toString());
            }
        }
        return texts;
    }

    /** A text, or another single value as text. */
    static String read(Attribute a) {
        Object v = a.isEmpty() ? "" : a.getData();
        return v != null && v.getClass().isArray() ? array(v) : String.valueOf(v);
    }

    private static String array(Object v) {
        int n = java.lang.reflect.Array.getLength(v);
        StringBuilder s = new StringBuilder("[");
        for (int i = 0; i < n; i++) {
            Object e = java.lang.reflect.Array.get(v, i);
            s.append(i == 0 ? "" : ", ").append(e != null && e.getClass().isArray() ? array(e) : e);
        }
        return s.append(']').toString();
    }
}

package org.mocha4j.runtime.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, lists, numbers, booleans and texts as YAML. */
final class YamlText {
    private YamlText() {
    }

    /** One line per field, and per item of a list of maps. */
    static String of(Map<String, Object> fields) {
        StringBuilder out = new StringBuilder();
        fields.forEach((key, value) -> {
            out.append(text(key)).append(':');
            if (value instanceof List<?> items && !items.isEmpty() && items.stream().allMatch(i -> i instanceof Map)) {
                items.forEach(item -> out.append("\n  - ").append(flow(item)));
                out.append('\n');
            } else {
                out.append(' ').append(flow(value)).append('\n');
            }
        });
        return out.toString();
    }

    private static String flow(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(e -> text((String) e.getKey()) + ": " + flow(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> items) {
            return items.stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Double || value instanceof Float) {
            double d = ((Number) value).doubleValue();
            return Double.isNaN(d) ? ".nan" : Double.isInfinite(d) ? d > 0 ? ".inf" : "-.inf" : value.toString();
        }
        return value instanceof String s ? text(s) : String.valueOf(value);
    }

    /** Plain where no reader can take it for something else, else in quotes. */
    private static String text(String s) {
        if (s.matches("[A-Za-z_][A-Za-z0-9_./-]*")
                && !s.toLowerCase(Locale.ROOT).matches("true|false|null|yes|no|on|off|y|n")) {
            return s;
        }
        StringBuilder out = new StringBuilder("\"");
        s.chars().forEach(c -> out.append(c == '"' || c == '\\' ? "\\" + (char) c
                : c < ' ' || c >= 0x7f ? String.format("\\u%04x", c) : String.valueOf((char) c)));
        return out.append('"').toString();
    }
}

package org.mocha4j.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The original guide's classes and attributes, and where they are here: the file guide.txt. */
final class Guide {
    /** How the guide writes a default, and how files here do. */
    private static final Map<String, String> SAME = new LinkedHashMap<>();

    static {
        SAME.put("(1,1)", "1");
        SAME.put("(0,0)", "0");
        SAME.put("1.0", "1");
        SAME.put("2.0", "2");
        SAME.put("[]", Field.NONE);
        SAME.put("\"\"", Field.NONE);
        SAME.put("NullBlob()", Field.NONE);
        SAME.put("Neurons.Identity()", Field.NONE);
        SAME.put("Pooling.Max()", "max");
        SAME.put("LRNMode.AcrossChannel()", "across-channel");
        SAME.put("XavierInitializer()", "Xavier");
        SAME.put("ConstantInitializer(0)", "{type: Constant, value: 0}");
        SAME.put("L2Regu(1)", "{type: L2, coefficient: 1}");
        SAME.put("NoRegu()", "No");
        SAME.put(":local", "local");
        SAME.put("[:data, :label]", "[data, label]");
    }

    private Guide() {
    }

    /**
     * A class of the guide, or an attribute of one.
     *
     * @param name      {@code ConvolutionLayer} or {@code ConvolutionLayer.kernel}
     * @param standard  the guide's default as the guide writes it; {@code required} or, of a class, {@code -}
     * @param type      ours: a role and a name, or {@code record}, {@code class}, {@code command}, {@code variable}
     * @param field     ours; {@code -} for a class
     * @param remark    why our default is another; empty where it is the same
     * @param test      class and method
     */
    record Row(String name, String standard, String type, String field, String remark, String test) {
        boolean isClass() {
            return field.equals("-");
        }

        /** The guide's default as files here write it. */
        String translated() {
            return SAME.getOrDefault(standard, standard);
        }
    }

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (InputStream in = Guide.class.getResourceAsStream("guide.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] c = line.split("\\|", -1);
                if (c.length != 6) {
                    throw new IllegalStateException("guide.txt: " + line + ": " + c.length + " columns, expected 6");
                }
                rows.add(new Row(c[0].strip(), c[1].strip(), c[2].strip(), c[3].strip(), c[4].strip(), c[5].strip()));
            }
        }
        return rows;
    }
}

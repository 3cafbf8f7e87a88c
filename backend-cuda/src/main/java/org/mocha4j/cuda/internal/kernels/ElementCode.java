package org.mocha4j.cuda.internal.kernels;

import java.util.List;
import java.util.Set;

/**
 * What an element-wise pass does with element {@code i}: {@code x0}, {@code x1} … are its inputs, {@code y0} … its
 * outputs.
 *
 * @param repeated   inputs of one element
 * @param predicated whether it is left out while the status word is set
 * @param lines      statements
 */
record ElementCode(int inputs, int outputs, Set<Integer> repeated, boolean predicated, List<String> lines) {
    static final String KERNEL = "elements";
    private static final String CLEAR = "if (!clear(status)) return;\n";

    ElementCode {
        repeated = Set.copyOf(repeated);
        lines = List.copyOf(lines);
    }

    private String name(int i) {
        return i < inputs ? "x" + i : "y" + (i - inputs);
    }

    private String type(int i) {
        return i < inputs ? "const real *" : "real *";
    }

    private void lines(String indent, StringBuilder s) {
        lines.forEach(l -> s.append(indent).append(l).append('\n'));
    }

    /** A kernel that does nothing else: n, where it is predicated the status word, inputs, outputs. */
    String kernel() {
        StringBuilder s = new StringBuilder("\nKERNEL ").append(KERNEL).append("(whole n");
        s.append(predicated ? ", const whole *status" : "");
        for (int i = 0; i < inputs + outputs; i++) {
            s.append(", ").append(type(i)).append(name(i));
        }
        s.append(") {\n").append(predicated ? "    " + CLEAR : "").append("    EACH(i, n) {\n");
        lines("        ", s);
        return s.append("    }\n}\n").toString();
    }

    /**
     * One kernel for many tensors, each with one of these codes. A block finds its tensor by the number of the tensor's
     * first block and takes {@code span} elements of it.
     *
     * @param capacity tensors that the table of arguments has room for
     * @param width    addresses of a tensor there
     */
    static String kernel(List<ElementCode> codes, int capacity, int width, int span) {
        String n = "[" + capacity + "]";
        StringBuilder s = new StringBuilder("\nstruct Tensors {\n    whole count;\n    whole first").append(n)
                .append(", size").append(n).append(", code").append(n).append(";\n    void *at").append(n).append("[")
                .append(width).append("];\n};\n\nKERNEL ").append(KERNEL)
                .append("""
                        (const whole *status, Tensors t) {
                            int k = 0, end = (int)t.count;
                            while (end - k > 1) {
                                const int middle = (k + end) / 2;
                                if (t.first[middle] <= (whole)blockIdx.x) k = middle;
                                else end = middle;
                            }
                        """)
                .append("    const whole from = ((whole)blockIdx.x - t.first[k]) * ").append(span)
                .append(", end_of = from + ").append(span).append(";\n")
                .append("    const whole to = end_of < t.size[k] ? end_of : t.size[k];\n")
                .append("    switch (t.code[k]) {\n");
        for (int c = 0; c < codes.size(); c++) {
            s.append("    case ").append(c).append(": {\n");
            codes.get(c).section(s);
            s.append("        break;\n    }\n");
        }
        return s.append("    }\n}\n").toString();
    }

    private void section(StringBuilder s) {
        s.append(predicated ? "        " + CLEAR : "");
        for (int i = 0; i < inputs + outputs; i++) {
            s.append("        ").append(type(i)).append(name(i)).append(" = (").append(type(i).trim())
                    .append(")t.at[k][").append(i).append("];\n");
        }
        s.append("        for (whole i = from + threadIdx.x; i < to; i += blockDim.x) {\n");
        lines("            ", s);
        s.append("        }\n");
    }
}

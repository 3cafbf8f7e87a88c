package org.mocha4j.nativecpu.internal;

import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Convolution;

/**
 * A convolution, or a gradient of one, as a program asks for it.
 *
 * @param bias whether a bias is added, or its gradient taken too
 * @param relu whether ReLU follows
 */
record ConvolutionTask(Kind kind, Convolution op, Spec x, Spec filter, Spec y, boolean bias, boolean relu) {
    /** What is computed; the text is that of plan files. */
    enum Kind {
        /** Where a gradient follows, so that filters change from run to run. */
        FORWARD("forward"),
        /** Without a gradient. */
        INFERENCE("inference"),
        DATA("data-gradient"),
        FILTER("filter-gradient");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    DataType type() {
        return x.type();
    }

    boolean forward() {
        return kind == Kind.FORWARD || kind == Kind.INFERENCE;
    }

    /** For people, in the name of a kernel. */
    String name() {
        return switch (kind) {
            case FORWARD, INFERENCE -> "convolution" + (bias ? "+bias" : "") + (relu ? "+relu" : "");
            case DATA -> "convolution data gradient";
            case FILTER -> bias ? "convolution parameter gradients" : "convolution filter gradient";
        };
    }

    /** As plan files name it: two tasks of one key take equally long. */
    String key() {
        Window w = op.window();
        return kind.text + (bias ? "+bias" : "") + (relu ? "+relu" : "") + " images " + text(x.shape()) + " filters "
                + text(filter.shape()) + " output " + text(y.shape()) + " stride " + text(w.stride()) + " pad "
                + text(w.pad()) + " dilation " + text(w.dilation()) + " groups " + op.groups();
    }

    private static String text(Size s) {
        return s.h() + "x" + s.w();
    }

    private static String text(Shape s) {
        StringBuilder all = new StringBuilder();
        for (int d : s.dims()) {
            all.append(all.length() == 0 ? "" : "x").append(d);
        }
        return all.toString();
    }
}

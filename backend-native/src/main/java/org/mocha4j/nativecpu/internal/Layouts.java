package org.mocha4j.nativecpu.internal;

import java.util.stream.IntStream;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;

/** Where the elements of a tensor lie, for kernels that walk over memory. */
final class Layouts {
    private static final int[] CHANNELS_LAST = {0, 2, 3, 1};

    private Layouts() {
    }

    /** A layout in which such kernels can read a tensor that lies in the given one: that, or plain. */
    static Layout readable(Layout l) {
        return l.equals(Nhwc.NHWC) ? l : Layout.PLAIN;
    }

    /** The layout of an output that is laid out as its input. */
    static Layout like(Layout input, Spec output) {
        return input.equals(Nhwc.NHWC) ? Nhwc.of(output) : Layout.PLAIN;
    }

    /** The axes in the order in which they lie in memory. */
    static int[] order(Shape s, Layout l) {
        return l.equals(Nhwc.NHWC) ? CHANNELS_LAST : IntStream.range(0, s.rank()).toArray();
    }

    /** Elements from one index of each axis to the next. */
    static long[] strides(Shape s, Layout l) {
        long[] strides = new long[s.rank()];
        int[] order = order(s, l);
        long stride = 1;
        for (int i = order.length - 1; i >= 0; i--) {
            strides[order[i]] = stride;
            stride *= s.dim(order[i]);
        }
        return strides;
    }
}

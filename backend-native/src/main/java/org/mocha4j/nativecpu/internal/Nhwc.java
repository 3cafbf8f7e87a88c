package org.mocha4j.nativecpu.internal;

import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;

/** Images with the channels last, without gaps: [N, C, H, W] lies as [N, H, W, C]. */
final class Nhwc {
    static final Layout NHWC = new Layout.Named("nhwc");

    private Nhwc() {
    }

    /** Whether a tensor of this shape lies the same in both layouts; then it is called plain. */
    static boolean same(Shape s) {
        return s.rank() != 4 || s.dim(1) == 1 || s.dim(2) * s.dim(3) == 1;
    }

    /**
     * Whether a kernel that works well on channels that come last should take a tensor that is on offer in this layout as
     * such: images of several channels, unless they lie plain and are more than one place.
     */
    static boolean last(Spec s, Layout on) {
        boolean images = s.shape().rank() == 4 && s.shape().dim(1) > 1;
        return images && (!on.equals(Layout.PLAIN) || same(s.shape()));
    }

    /** The layout of images with channels last, or plain where {@code last} does not hold. */
    static Layout of(Spec s, boolean last) {
        return last ? of(s) : Layout.PLAIN;
    }

    /** The layout of images with channels last: nhwc, or plain where that is the same. */
    static Layout of(Spec s) {
        return same(s.shape()) ? Layout.PLAIN : NHWC;
    }
}

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

    /** The layout of images with channels last: nhwc, or plain where that is the same. */
    static Layout of(Spec s) {
        return same(s.shape()) ? Layout.PLAIN : NHWC;
    }
}

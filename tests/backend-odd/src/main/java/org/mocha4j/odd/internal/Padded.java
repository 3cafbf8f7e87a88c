package org.mocha4j.odd.internal;

import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;

/** The layouts of rank-4 tensors that are not plain: permuted, with axis 1 padded to a multiple of {@link #block}. */
public sealed interface Padded extends Layout {
    /** The layout of images. */
    Padded IMAGES = new Nhwc(4);

    /** The layout of filters. */
    Padded FILTERS = new Hwcf(4);

    int block();

    /** Element strides of the four logical axes. */
    int[] strides(Shape s);

    /** Channels with their padding. */
    default int lanes(int channels) {
        return (channels + block() - 1) / block() * block();
    }

    @Override
    default long elements(Spec spec) {
        Shape s = spec.shape();
        return s.with(1, lanes(s.dim(1))).elements();
    }

    /** Strides in any layout of this device. */
    static int[] strides(Layout layout, Shape s) {
        return layout instanceof Padded p ? p.strides(s) : s.strides();
    }

    /** [N, C, H, W] as [N, H, W, C padded]. */
    record Nhwc(int block) implements Padded {
        @Override
        public String name() {
            return "nhwc" + block;
        }

        @Override
        public int[] strides(Shape s) {
            int c = lanes(s.dim(1));
            return new int[] {s.dim(2) * s.dim(3) * c, 1, s.dim(3) * c, c};
        }
    }

    /** [F, C, kh, kw] as [kh, kw, C padded, F]. */
    record Hwcf(int block) implements Padded {
        @Override
        public String name() {
            return "hwc" + block + "f";
        }

        @Override
        public int[] strides(Shape s) {
            int row = lanes(s.dim(1)) * s.dim(0);
            return new int[] {1, s.dim(0), s.dim(3) * row, row};
        }
    }
}

package org.mocha4j.cpu.internal;

import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;

/**
 * The extents of a convolution or a pooling: images n × c × h × w, outputs n × f × oh × ow, window kh × kw with stride,
 * padding and dilation.
 */
public record Images(int n, int c, int h, int w, int f, int oh, int ow, int kh, int kw, int sh, int sw, int ph, int pw,
                     int dh, int dw, int groups) {
    public static Images of(Shape x, Shape y, Window v, int groups) {
        return new Images(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3), v.kernel().h(),
                v.kernel().w(), v.stride().h(), v.stride().w(), v.pad().h(), v.pad().w(), v.dilation().h(),
                v.dilation().w(), groups);
    }

    /** Channels of one group. */
    public int cg() {
        return c / groups;
    }

    /** Filters of one group. */
    public int fg() {
        return f / groups;
    }

    /** The row of the image under row i of the window at output row oy; outside the image in the padding. */
    public int row(int oy, int i) {
        return oy * sh - ph + i * dh;
    }

    /** The column of the image under column j of the window at output column ox. */
    public int column(int ox, int j) {
        return ox * sw - pw + j * dw;
    }

    public boolean inside(int y, int x) {
        return y >= 0 && y < h && x >= 0 && x < w;
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Array;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;

/**
 * Maximum or mean over windows of each channel: [N, C, H, W] → [N, C, OH, OW].
 *
 * <p>MAX: padding never wins, NaN never wins over a number, ties go to the first in row-major order; a window that is
 * all NaN yields NaN and its gradient goes to its first element inside the image. MEAN: the sum over {@link Divisor}.
 */
public record Pooling(Kind kind, Window window, Divisor divisor, Rounding rounding) implements Op1 {
    /** What is taken of a window. */
    public enum Kind { MAX, MEAN }

    /** KERNEL: kw·kh (Mocha). PADDED: the window clipped to the padded image (Caffe). VALID: clipped to the image. */
    public enum Divisor { KERNEL, PADDED, VALID }

    /** Of the output extents, see {@link Window#ceil} and {@link Window#floor}. */
    public enum Rounding { CEIL, FLOOR }

    public Pooling {
        Checks.require(window.dilation().equals(Size.of(1)), "dilation", window.dilation(), "1x1 for pooling");
        Checks.require(window.pad().w() < window.kernel().w() && window.pad().h() < window.kernel().h(),
                "pad", window.pad(), "less than the kernel " + window.kernel());
    }

    @Override
    public Spec infer(Spec x) {
        Size out = output(x.shape());
        return x.with(x.shape().with(2, out.h()).with(3, out.w()));
    }

    /** The extents of the output for images of this shape. */
    public Size output(Shape x) {
        if (x.rank() != 4) {
            throw new ShapeException("pooling expects images [N, C, H, W], found " + x);
        }
        Size out = rounding == Rounding.CEIL ? window.ceil(x.dim(3), x.dim(2)) : window.floor(x.dim(3), x.dim(2));
        if (out.w() < 1 || out.h() < 1) {
            throw new ShapeException("a pooling window of " + window.kernel() + " with pad " + window.pad()
                    + " does not fit into images of " + x.dim(3) + "x" + x.dim(2));
        }
        return out;
    }

    /** What the sum of the window at (oy, ox) is divided by, for images of height h and width w. */
    public int divisor(int oy, int ox, int h, int w) {
        Size k = window.kernel();
        Size p = window.pad();
        int y0 = oy * window.stride().h() - p.h();
        int x0 = ox * window.stride().w() - p.w();
        return switch (divisor) {
            case KERNEL -> k.w() * k.h();
            case PADDED -> (Math.min(y0 + k.h(), h + p.h()) - y0) * (Math.min(x0 + k.w(), w + p.w()) - x0);
            case VALID -> (Math.min(y0 + k.h(), h) - Math.max(y0, 0)) * (Math.min(x0 + k.w(), w) - Math.max(x0, 0));
        };
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        return Optional.of(List.of(new PoolingWindows(g, this, in.get(0)).forward()));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new PoolingGradient(this), in.get(0), out.get(0), dOut.get(0))));
    }

    /** The divisors [OH, OW] of images of a shape, as a tensor. */
    Array divisors(Spec x) {
        Size out = output(x.shape());
        HostTensor t = HostTensor.allocate(x.with(Shape.of(out.h(), out.w())));
        for (int y = 0; y < out.h(); y++) {
            for (int i = 0; i < out.w(); i++) {
                t.set(y * out.w() + i, divisor(y, i, x.shape().dim(2), x.shape().dim(3)));
            }
        }
        return t.toArray();
    }
}

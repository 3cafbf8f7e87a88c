package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;

/**
 * The windows of images as columns (im2col): [N, C, H, W] → [N, C·kh·kw, OH·OW]; row (c·kh + y)·kw + x, column oy·OW + ox
 * holds in[n, c, oy·sh − ph + y·dh, ox·sw − pw + x·dw], 0 outside. Output extents are rounded down.
 */
public record Unfold(Window window) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        Size out = output(x.shape(), window);
        return x.with(Shape.of(x.shape().dim(0), x.shape().dim(1) * window.kernel().w() * window.kernel().h(),
                out.w() * out.h()));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Shape s = in.get(0).shape();
        return Optional.of(List.of(g.op(new Fold(window, s.dim(2), s.dim(3)), dOut.get(0))));
    }

    /** The extents of the output. @throws ShapeException unless images of at least the window's size are given */
    static Size output(Shape x, Window window) {
        if (x.rank() != 4) {
            throw new ShapeException("expected images [N, C, H, W], found " + x);
        }
        Size out = window.floor(x.dim(3), x.dim(2));
        if (out.w() < 1 || out.h() < 1) {
            throw new ShapeException("a window of " + window.kernel() + " (dilation " + window.dilation() + ", pad "
                    + window.pad() + ") does not fit into images of " + x.dim(3) + "x" + x.dim(2));
        }
        return out;
    }
}

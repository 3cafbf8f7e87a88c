package org.mocha4j.api.ops;

import java.util.Arrays;
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
 * Cross-correlation (x [N, C, H, W], filter [F, C/groups, kh, kw]) → [N, F, OH, OW], zero padded, extents rounded down:
 * y[n, f, oy, ox] = Σ x[n, c, oy·sh − ph + i·dh, ox·sw − pw + j·dw] · filter[f, c, i, j] over the channels of f's group.
 */
public record Convolution(Window window, int groups) implements Op2 {
    @Override
    public Spec infer(Spec x, Spec filter) {
        Size out = Unfold.output(x.shape(), window);
        Shape f = filter.shape();
        boolean fits = groups > 0 && f.rank() == 4 && x.type() == filter.type() && f.dim(0) % groups == 0
                && x.shape().dim(1) == f.dim(1) * groups && f.dim(2) == window.kernel().h()
                && f.dim(3) == window.kernel().w();
        if (!fits) {
            throw new ShapeException("filters " + filter + " do not fit images " + x + " with kernel " + window.kernel()
                    + " and groups " + groups + ": expected [F, C/groups, kh, kw]");
        }
        return x.with(Shape.of(x.shape().dim(0), f.dim(0), out.h(), out.w()));
    }

    /** Columns by {@link Unfold}, then one matrix product per sample and group. */
    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Shape f = in.get(1).shape();
        Value y = Ops.matMul(g, filters(g, in.get(1), in.get(0).shape().dim(0)), false, columns(g, in.get(0)), false);
        Size out = Unfold.output(in.get(0).shape(), window);
        return Optional.of(List.of(Ops.reshape(g, y, Shape.of(in.get(0).shape().dim(0), f.dim(0), out.h(), out.w()))));
    }

    /** [N, groups, C/groups·kh·kw, OH·OW]. */
    Value columns(Graph g, Value x) {
        Value c = g.op(new Unfold(window), x);
        Shape s = c.shape();
        return Ops.reshape(g, c, Shape.of(s.dim(0), groups, s.dim(1) / groups, s.dim(2)));
    }

    /** [N, groups, F/groups, C/groups·kh·kw]. */
    Value filters(Graph g, Value filter, int n) {
        Shape f = filter.shape();
        int k = (int) f.product(1, 4);
        Value grouped = Ops.reshape(g, filter, Shape.of(1, groups, f.dim(0) / groups, k));
        return Ops.broadcast(g, grouped, Shape.of(n, groups, f.dim(0) / groups, k));
    }

    /** [N, groups, F/groups, OH·OW]. */
    Value grouped(Graph g, Value y) {
        Shape s = y.shape();
        return Ops.reshape(g, y, Shape.of(s.dim(0), groups, s.dim(1) / groups, s.dim(2) * s.dim(3)));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value x = in.get(0);
        Value filter = in.get(1);
        Value dy = dOut.get(0);
        return Optional.of(Arrays.asList(
                g.op(new ConvolutionDataGradient(this, x.shape().dim(2), x.shape().dim(3)), filter, dy),
                g.op(new ConvolutionFilterGradient(this), x, dy)));
    }
}

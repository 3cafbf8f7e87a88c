package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;

/** The windows of a pooling as a tensor [N·C, kh·kw, OH·OW]: the definition of pooling and its gradient by primitives. */
final class PoolingWindows {
    private final Graph g;
    private final Pooling op;
    private final Value x;
    private final Size out;
    private final int top;
    private final int left;
    private final int bottom;
    private final int right;
    private final Window unpadded;

    PoolingWindows(Graph g, Pooling op, Value x) {
        this.g = g;
        this.op = op;
        this.x = x;
        Window w = op.window();
        out = op.output(x.shape());
        top = w.pad().h();
        left = w.pad().w();
        bottom = Math.max(0, (out.h() - 1) * w.stride().h() + w.kernel().h() - x.shape().dim(2) - top);
        right = Math.max(0, (out.w() - 1) * w.stride().w() + w.kernel().w() - x.shape().dim(3) - left);
        unpadded = new Window(w.kernel(), w.stride(), null, null);
    }

    Value forward() {
        Shape y = op.infer(x.spec()).shape();
        if (op.kind() == Pooling.Kind.MEAN) {
            Value total = reshape(g, sum(g, windows(x, 0), List.of(1)), y);
            return divide(g, total, broadcast(g, g.constant(op.divisors(x.spec())), y));
        }
        Value max = reduceMax(g, windows(numbers(), Double.NEGATIVE_INFINITY), 1);
        Value nan = fill(g, max.spec(), Double.NaN);
        return reshape(g, select(g, Select.Comparison.EQUAL, count(), fill(g, max.spec(), 0), nan, max), y);
    }

    Value gradient(Value dy) {
        Shape rows = Shape.of(images(), 1, out.h() * out.w());
        Shape all = rows.with(1, op.window().kernel().w() * op.window().kernel().h());
        Value d = dy;
        if (op.kind() == Pooling.Kind.MEAN) {
            d = divide(g, dy, broadcast(g, g.constant(op.divisors(x.spec())), dy.shape()));
        }
        d = broadcast(g, reshape(g, d, rows), all);
        if (op.kind() == Pooling.Kind.MAX) {
            Value best = argMax(g, windows(numbers(), Double.NEGATIVE_INFINITY), 1);
            Value inside = argMax(g, windows(fill(g, x.spec(), 1), 0), 1);
            Value index = select(g, Select.Comparison.EQUAL, count(), fill(g, best.spec(), 0), inside, best);
            d = multiply(g, oneHot(g, index, all, 1), d);
        }
        Shape s = x.shape();
        Value padded = g.op(new Fold(unpadded, s.dim(2) + top + bottom, s.dim(3) + left + right), d);
        Value dx = g.op(new Slice(List.of(0, 0, top, left), Shape.of(images(), 1, s.dim(2), s.dim(3))), padded);
        return reshape(g, dx, s);
    }

    private int images() {
        return x.shape().dim(0) * x.shape().dim(1);
    }

    private Value windows(Value image, double padding) {
        Value p = g.op(new Pad(List.of(0, 0, top, left), List.of(0, 0, bottom, right), padding),
                reshape(g, image, Shape.of(images(), 1, x.shape().dim(2), x.shape().dim(3))));
        return g.op(new Unfold(unpadded), p);
    }

    /** x with NaN replaced by −∞. */
    private Value numbers() {
        Value low = broadcast(g, g.constant(Array.scalar(x.type(), Double.NEGATIVE_INFINITY)), x.shape());
        return select(g, Select.Comparison.EQUAL, x, x, x, low);
    }

    /** How many elements of each window are in the image and not NaN. */
    private Value count() {
        Value one = fill(g, x.spec(), 1);
        Value zero = fill(g, x.spec(), 0);
        return sum(g, windows(select(g, Select.Comparison.EQUAL, x, x, one, zero), 0), List.of(1));
    }
}

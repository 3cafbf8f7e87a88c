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

/** The adjoint of {@link Unfold} (col2im): adds columns [N, C·kh·kw, OH·OW] up into images [N, C, height, width]. */
public record Fold(Window window, int height, int width) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        Shape s = x.shape();
        int k = window.kernel().w() * window.kernel().h();
        Size out = window.floor(width, height);
        if (s.rank() != 3 || s.dim(1) % k != 0 || s.dim(2) != out.w() * out.h()) {
            throw new ShapeException("fold into " + width + "x" + height + " expects [N, C*" + k + ", "
                    + out.w() * out.h() + "], found " + s);
        }
        return x.with(Shape.of(s.dim(0), s.dim(1) / k, height, width));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new Unfold(window), dOut.get(0))));
    }
}

package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;

/** Sums over the neighbourhoods of {@link LRN} by primitives: the definition of the op and of its gradient. */
final class Neighbours {
    private final Graph g;
    private final LRN op;

    Neighbours(Graph g, LRN op) {
        this.g = g;
        this.op = op;
    }

    /** shift + scale/n · Σ x². */
    Value denominator(Value x) {
        return affine(g, sum(square(g, x), op.before(), op.after()), op.scale() / op.neighbours(), op.shift());
    }

    /** The sum over the element, as many before it and as many after it along each axis of the neighbourhood. */
    Value sum(Value v, int before, int after) {
        Shape s = v.shape();
        boolean across = op.mode() == LRN.Mode.ACROSS_CHANNEL;
        Shape images = across ? Shape.of(s.dim(0), 1, s.dim(1), Math.toIntExact(s.product(2, s.rank())))
                : Shape.of(Math.multiplyExact(s.dim(0), s.dim(1)), 1, s.dim(2), s.dim(3));
        Window w = new Window(new Size(across ? 1 : op.size(), op.size()), null, null, null);
        Pad pad = new Pad(List.of(0, 0, before, across ? 0 : before), List.of(0, 0, after, across ? 0 : after), 0);
        Value padded = g.op(pad, reshape(g, v, images));
        return reshape(g, Ops.sum(g, g.op(new Unfold(w), padded), List.of(1)), s);
    }
}

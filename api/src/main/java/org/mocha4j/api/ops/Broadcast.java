package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** Repeats a tensor along axes of extent 1, and along new leading axes; axes are matched from the last. The gradient sums. */
public record Broadcast(Shape to) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        int lead = to.rank() - x.shape().rank();
        boolean fits = lead >= 0;
        for (int i = 0; fits && i < x.shape().rank(); i++) {
            int d = x.shape().dim(i);
            fits = d == 1 || d == to.dim(i + lead);
        }
        if (!fits) {
            throw new ShapeException("cannot broadcast " + x.shape() + " to " + to);
        }
        return x.with(to);
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(Ops.sumTo(g, dOut.get(0), in.get(0).shape())));
    }
}

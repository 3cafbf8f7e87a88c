package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** The gradient of a {@link Convolution} with respect to its images: (filter, dy) → dx [N, C, height, width]. */
public record ConvolutionDataGradient(Convolution forward, int height, int width) implements Op2 {
    @Override
    public Spec infer(Spec filter, Spec dy) {
        if (filter.shape().rank() != 4 || dy.shape().rank() != 4) {
            throw new ShapeException("expected filters and images of rank 4, found " + filter + " and " + dy);
        }
        Spec x = dy.with(Shape.of(dy.shape().dim(0), filter.shape().dim(1) * forward.groups(), height, width));
        if (!forward.infer(x, filter).equals(dy)) {
            throw new ShapeException("gradient " + dy + " is not the output of " + forward + " for " + x + " and " + filter);
        }
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value dy = in.get(1);
        int n = dy.shape().dim(0);
        Value columns = Ops.matMul(g, forward.filters(g, in.get(0), n), true, forward.grouped(g, dy), false);
        Shape s = columns.shape();
        Value flat = Ops.reshape(g, columns, Shape.of(n, s.dim(1) * s.dim(2), s.dim(3)));
        return Optional.of(List.of(g.op(new Fold(forward.window(), height, width), flat)));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** The gradient of a {@link Convolution} with respect to its filters: (x, dy) → [F, C/groups, kh, kw], summed over samples. */
public record ConvolutionFilterGradient(Convolution forward) implements Op2 {
    @Override
    public Spec infer(Spec x, Spec dy) {
        if (x.shape().rank() != 4 || dy.shape().rank() != 4) {
            throw new ShapeException("expected images of rank 4, found " + x + " and " + dy);
        }
        Spec filter = x.with(Shape.of(dy.shape().dim(1), x.shape().dim(1) / forward.groups(),
                forward.window().kernel().h(), forward.window().kernel().w()));
        if (!forward.infer(x, filter).equals(dy)) {
            throw new ShapeException("gradient " + dy + " is not the output of " + forward + " for " + x + " and " + filter);
        }
        return filter;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value perSample = Ops.matMul(g, forward.grouped(g, in.get(1)), false, forward.columns(g, in.get(0)), true);
        Spec filter = infer(in.get(0).spec(), in.get(1).spec());
        return Optional.of(List.of(Ops.reshape(g, Ops.sum(g, perSample, List.of(0)), filter.shape())));
    }
}

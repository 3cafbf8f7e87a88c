package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Made by fusion: the gradients of a {@link Convolution} with a bias with respect to its filters and to that bias, since both read
 * the gradient of the output: (x, dy) → ([F, C/groups, kh, kw], [1, F, 1, 1]), summed over samples and, for the bias, places.
 */
public record ConvolutionParameterGradients(Convolution forward) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 2) {
            throw new ShapeException(this + " takes images and the gradient of the output, found " + in);
        }
        Spec filter = new ConvolutionFilterGradient(forward).infer(in.get(0), in.get(1));
        return List.of(filter, filter.with(Shape.of(1, filter.shape().dim(0), 1, 1)));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value dy = in.get(1);
        return Optional.of(List.of(g.op(new ConvolutionFilterGradient(forward), in.get(0), dy), Ops.sum(g, dy, List.of(0, 2, 3))));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Made by fusion: convolution, bias along the channels, activation: (x, filter, bias [F]) → activation(conv + bias).
 *
 * @param activation an op with one input and one output, or null
 */
public record ConvolutionBias(Convolution convolution, Op activation) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 3) {
            throw new ShapeException(this + " takes images, filters and bias, found " + in);
        }
        return List.of(new Bias(1).infer(convolution.infer(in.get(0), in.get(1)), in.get(2)));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value y = g.op(new Bias(1), g.op(convolution, in.get(0), in.get(1)), in.get(2));
        return Optional.of(List.of(activation == null ? y : g.op(activation, y)));
    }
}

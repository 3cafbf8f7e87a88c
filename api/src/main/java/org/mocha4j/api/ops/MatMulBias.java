package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Made by fusion: matrix product, bias along the last axis, activation: (a, b, bias [n]) → activation(a·b + bias).
 *
 * @param activation an op with one input and one output, or null
 */
public record MatMulBias(MatMul product, Op activation) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 3) {
            throw new ShapeException(this + " takes two matrices and a bias, found " + in);
        }
        return List.of(new Bias(-1).infer(product.infer(in.subList(0, 2)).get(0), in.get(2)));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value y = g.op(new Bias(-1), g.op(product, in.get(0), in.get(1)), in.get(2));
        return Optional.of(List.of(activation == null ? y : g.op(activation, y)));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** y = 1 / (1 + e^−x) = ½ tanh(½ x) + ½. The gradient dy · y · (1 − y) needs the output only. */
public record Sigmoid() implements Op1 {
    @Override
    public Spec infer(Spec x) {
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        return Optional.of(List.of(Ops.affine(g, Ops.tanh(g, Ops.affine(g, in.get(0), 0.5, 0)), 0.5, 0.5)));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new SigmoidGradient(), out.get(0), dOut.get(0))));
    }
}

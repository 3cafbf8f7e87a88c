package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** y = max(x, 0), NaN for NaN. The gradient passes where y &gt; 0, so that only the output is kept. */
public record Relu() implements Op1 {
    @Override
    public Spec infer(Spec x) {
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        return Optional.of(List.of(Ops.max(g, in.get(0), Ops.fill(g, in.get(0).spec(), 0))));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new ReluGradient(), out.get(0), dOut.get(0))));
    }
}

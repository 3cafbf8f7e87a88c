package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (y, dy) → dy where y &gt; 0, else 0. */
public record ReluGradient() implements Op2 {
    @Override
    public Spec infer(Spec y, Spec dy) {
        return dy;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value zero = Ops.fill(g, in.get(0).spec(), 0);
        return Optional.of(List.of(Ops.select(g, Select.Comparison.LESS, zero, in.get(0), in.get(1), zero)));
    }
}

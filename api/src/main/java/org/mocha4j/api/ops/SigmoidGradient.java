package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (y, dy) → dy · y · (1 − y). */
public record SigmoidGradient() implements Op2 {
    @Override
    public Spec infer(Spec y, Spec dy) {
        return dy;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value y = in.get(0);
        return Optional.of(List.of(Ops.multiply(g, in.get(1), Ops.multiply(g, y, Ops.affine(g, y, -1, 1)))));
    }
}

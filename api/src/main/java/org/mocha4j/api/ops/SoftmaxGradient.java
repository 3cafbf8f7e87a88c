package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (y, dy) → y · (dy − Σ y·dy) along one axis. */
public record SoftmaxGradient(int axis) implements Op2 {
    @Override
    public Spec infer(Spec y, Spec dy) {
        return dy;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value y = in.get(0);
        Value dy = in.get(1);
        Value dot = Ops.sum(g, Ops.multiply(g, y, dy), List.of(y.shape().axis(axis)));
        return Optional.of(List.of(Ops.multiply(g, y, Ops.subtract(g, dy, Ops.broadcast(g, dot, y.shape())))));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (x, y, dy) → dx of a {@link Pooling}. A kernel that saved the positions of the maxima need not read x and y. */
public record PoolingGradient(Pooling forward) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 3 || !forward.infer(in.get(0)).equals(in.get(2)) || !in.get(1).equals(in.get(2))) {
            throw new ShapeException(this + " takes x, y and dy that fit, found " + in);
        }
        return List.of(in.get(0));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        return Optional.of(List.of(new PoolingWindows(g, forward, in.get(0)).gradient(in.get(2))));
    }
}

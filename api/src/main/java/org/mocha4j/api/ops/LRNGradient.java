package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * (x, y, dy) → dx of a {@link LRN}: dx = dy / d^power − 2 · power · scale/n · x · Σ dy·y/d, summed over the elements in
 * whose neighbourhood this one is.
 */
public record LRNGradient(LRN forward) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 3 || !in.get(1).equals(in.get(0)) || !in.get(2).equals(in.get(0))) {
            throw new ShapeException(this + " takes x, y and dy of one shape, found " + in);
        }
        return List.of(forward.infer(in.get(0)));
    }

    /** 2 · power · scale / n: what the sum is multiplied by. */
    public double factor() {
        return 2 * forward.power() * forward.scale() / forward.neighbours();
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        Value dy = in.get(2);
        Neighbours n = new Neighbours(g, forward);
        Value d = n.denominator(x);
        Value share = n.sum(divide(g, multiply(g, dy, in.get(1)), d), forward.after(), forward.before());
        return Optional.of(List.of(subtract(g, divide(g, dy, pow(g, d, forward.power())),
                affine(g, multiply(g, x, share), factor(), 0))));
    }
}

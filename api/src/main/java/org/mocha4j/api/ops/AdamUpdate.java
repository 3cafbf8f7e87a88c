package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * (w, gradient, m, v, rate, c1, c2) → (w', m', v'): m' = β₁m + (1−β₁)g, v' = β₂v + (1−β₂)g²,
 * w' = w − rate · c1·m' / (√(c2·v') + ε); c1 = 1/(1−β₁ᵗ) and c2 = 1/(1−β₂ᵗ) correct the bias. Kingma and Ba, Adam, 2015.
 */
public record AdamUpdate(double beta1, double beta2, double epsilon) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        return UpdateSpecs.infer(this, in, 4, 3);
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Shape s = in.get(0).shape();
        Value d = in.get(1);
        Value m = add(g, affine(g, in.get(2), beta1, 0), affine(g, d, 1 - beta1, 0));
        Value v = add(g, affine(g, in.get(3), beta2, 0), affine(g, square(g, d), 1 - beta2, 0));
        Value root = pow(g, multiply(g, UpdateSpecs.spread(g, in.get(6), s), v), 0.5);
        Value step = divide(g, multiply(g, UpdateSpecs.spread(g, in.get(5), s), m), affine(g, root, 1, epsilon));
        Value w = subtract(g, in.get(0), multiply(g, UpdateSpecs.spread(g, in.get(4), s), step));
        return Optional.of(List.of(w, m, v));
    }
}

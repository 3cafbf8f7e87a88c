package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (w, gradient, h, rate, momentum) → (w + h', h'), h' = momentum·h − rate·gradient. rate and momentum are single numbers. */
public record SgdUpdate() implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        return UpdateSpecs.infer(this, in, 3, 2);
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Shape s = in.get(0).shape();
        Value h = subtract(g, multiply(g, UpdateSpecs.spread(g, in.get(4), s), in.get(2)),
                multiply(g, UpdateSpecs.spread(g, in.get(3), s), in.get(1)));
        return Optional.of(List.of(add(g, in.get(0), h), h));
    }
}

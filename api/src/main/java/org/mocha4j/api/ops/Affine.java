package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.affine;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** y = scale · x + shift (two roundings); dx = scale · dy. */
public record Affine(double scale, double shift) implements Elementwise {
    public Affine {
        Checks.finite("scale", scale);
        Checks.finite("shift", shift);
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(affine(g, dOut.get(0), scale, 0)));
    }
}

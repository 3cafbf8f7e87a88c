package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** y = a where a ≥ b or a is NaN, else b; the gradient goes to the one taken. NaN if either is NaN. */
public record Max() implements Elementwise {
    @Override
    public int arity() {
        return 2;
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value dy = dOut.get(0);
        Value zero = fill(g, dy.spec(), 0);
        return Optional.of(List.of(
                select(g, Select.Comparison.LESS, in.get(0), in.get(1), zero, dy),
                select(g, Select.Comparison.LESS, in.get(0), in.get(1), dy, zero)));
    }
}

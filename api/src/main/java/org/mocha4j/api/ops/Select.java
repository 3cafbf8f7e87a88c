package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.fill;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** Compares and selects: inputs a, b, x, y; result x where {@code a comparison b} holds, else y. NaN compares as false. */
public record Select(Comparison comparison) implements Elementwise {
    /** The comparisons. */
    public enum Comparison { LESS, LESS_OR_EQUAL, EQUAL }

    @Override
    public int arity() {
        return 4;
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value dy = dOut.get(0);
        Value zero = fill(g, dy.spec(), 0);
        return Optional.of(Arrays.asList(null, null,
                Ops.select(g, comparison, in.get(0), in.get(1), dy, zero),
                Ops.select(g, comparison, in.get(0), in.get(1), zero, dy)));
    }
}

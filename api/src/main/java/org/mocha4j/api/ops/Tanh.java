package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** y = tanh x; dx = dy · (1 − y²). */
public record Tanh() implements Elementwise {
    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(multiply(g, dOut.get(0), affine(g, square(g, out.get(0)), -1, 1))));
    }
}

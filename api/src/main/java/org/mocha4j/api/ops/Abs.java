package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** y = |x|; dx = dy · sign(x), 0 at 0. */
public record Abs() implements Elementwise {
    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(multiply(g, dOut.get(0), sign(g, in.get(0)))));
    }
}

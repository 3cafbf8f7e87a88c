package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** y = a / b; da = dy / b, db = −dy · y / b. */
public record Divide() implements Elementwise {
    @Override
    public int arity() {
        return 2;
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value dy = dOut.get(0);
        return Optional.of(List.of(divide(g, dy, in.get(1)),
                affine(g, divide(g, multiply(g, dy, out.get(0)), in.get(1)), -1, 0)));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** Converts between floating-point types, rounding to nearest. The gradient is cast back. */
public record Cast(DataType to) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        return new Spec(to, x.shape());
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new Cast(in.get(0).type()), dOut.get(0))));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Passes its input on and sets the status word at the first element in row-major order that fails: LABEL — a whole number in
 * 0 … limit−1 is expected; FINITE — a finite number is expected (limit is unused).
 */
public record Check(Kind kind, int limit) implements Op1 {
    /** What is checked. */
    public enum Kind { LABEL, FINITE }

    @Override
    public Spec infer(Spec x) {
        return x;
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(dOut.get(0)));
    }
}

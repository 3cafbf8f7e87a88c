package org.mocha4j.api.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/** y = −1, 0 or 1 as x is negative, zero or positive; NaN for NaN. No gradient. */
public record Sign() implements Elementwise {
    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(Arrays.asList((Value) null));
    }
}

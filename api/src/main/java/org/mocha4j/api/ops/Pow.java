package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Value;

/**
 * y = x^exponent; dx = dy · exponent · x^(exponent−1). Where that is infinite (x = 0, exponent below 1) the gradient
 * is taken as 0, so that it is never NaN at 0.
 */
public record Pow(double exponent) implements Elementwise {
    public Pow {
        Checks.finite("exponent", exponent);
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value x = in.get(0);
        Value dy = dOut.get(0);
        if (exponent == 0) {
            return Optional.of(Arrays.asList((Value) null));
        }
        if (exponent == 1) {
            return Optional.of(List.of(dy));
        }
        Value d = affine(g, multiply(g, dy, exponent == 2 ? x : pow(g, x, exponent - 1)), exponent, 0);
        if (exponent < 1) {
            Value zero = fill(g, x.spec(), 0);
            d = select(g, Select.Comparison.EQUAL, x, zero, zero, d);
        }
        return Optional.of(List.of(d));
    }
}

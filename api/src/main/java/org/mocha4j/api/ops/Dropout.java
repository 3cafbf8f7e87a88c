package org.mocha4j.api.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Graph;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (x, u) → x / (1 − ratio) where u &gt; ratio, else 0, u uniform in [0, 1). The gradient is the same op on dy. */
public record Dropout(double ratio) implements Op2 {
    public Dropout {
        Checks.require(ratio >= 0 && ratio < 1, "ratio", ratio, "at least 0 and below 1");
    }

    @Override
    public Spec infer(Spec x, Spec u) {
        if (!x.equals(u)) {
            throw new ShapeException("dropout takes values and random numbers of one spec, found " + x + " and " + u);
        }
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Spec s = in.get(0).spec();
        return Optional.of(List.of(Ops.select(g, Select.Comparison.LESS, Ops.fill(g, s, ratio), in.get(1),
                Ops.affine(g, in.get(0), 1 / (1 - ratio), 0), Ops.fill(g, s, 0))));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(Arrays.asList(g.op(this, dOut.get(0), in.get(1)), null));
    }
}

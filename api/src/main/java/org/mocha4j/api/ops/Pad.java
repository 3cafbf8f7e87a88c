package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** Adds elements of a value before and after, per axis. The value may be infinite. The gradient slices. */
public record Pad(List<Integer> before, List<Integer> after, double value) implements Op1 {
    public Pad {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    @Override
    public Spec infer(Spec x) {
        Shape s = x.shape();
        if (before.size() != s.rank() || after.size() != s.rank()
                || before.stream().anyMatch(n -> n < 0) || after.stream().anyMatch(n -> n < 0)) {
            throw new ShapeException("padding " + before + ", " + after + " does not fit " + s
                    + ": one number of at least 0 per axis expected");
        }
        for (int i = 0; i < s.rank(); i++) {
            s = s.with(i, s.dim(i) + before.get(i) + after.get(i));
        }
        return x.with(s);
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new Slice(before, in.get(0).shape()), dOut.get(0))));
    }
}

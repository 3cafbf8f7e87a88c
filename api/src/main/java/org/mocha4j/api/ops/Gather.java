package org.mocha4j.api.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Rows of a table: (table [V, rest…], index [i…]) → [i…, rest…]. An index that is no whole number in 0 … V−1 sets the
 * status word and reads row 0. The gradient is a {@link ScatterAdd}.
 */
public record Gather() implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 2 || in.get(0).shape().rank() < 1 || in.get(0).type() != in.get(1).type()) {
            throw new ShapeException("gather takes a table of rank 1 or more and indices of the same type, found " + in);
        }
        return List.of(in.get(0).with(ScatterAdd.join(in.get(1).shape(), in.get(0).shape())));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Shape table = in.get(0).shape();
        return Optional.of(Arrays.asList(g.op(new ScatterAdd(table.dim(0)), in.get(1), dOut.get(0)), null));
    }
}

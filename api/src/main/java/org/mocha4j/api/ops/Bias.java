package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** Adds a vector along one axis: (x, b [C]) → x + b. dx = dy; db sums dy over all other axes. */
public record Bias(int axis) implements Op2 {
    @Override
    public Spec infer(Spec x, Spec b) {
        if (b.shape().rank() != 1 || b.shape().dim(0) != x.shape().dim(axis) || b.type() != x.type()) {
            throw new ShapeException("bias " + b + " does not fit axis " + axis + " of " + x);
        }
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        return Optional.of(List.of(Ops.add(g, x, Ops.broadcastAxis(g, in.get(1), x.shape(), axis))));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(dOut.get(0), Ops.sumToAxis(g, dOut.get(0), axis)));
    }
}

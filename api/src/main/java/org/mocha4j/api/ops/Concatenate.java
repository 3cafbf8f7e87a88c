package org.mocha4j.api.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** Puts tensors one after the other along an axis; all other extents are equal. */
public record Concatenate(int axis) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.isEmpty()) {
            throw new ShapeException("concatenation of nothing");
        }
        Spec first = in.get(0);
        int total = 0;
        for (Spec s : in) {
            if (s.type() != first.type() || s.shape().rank() != first.shape().rank()
                    || !s.shape().with(axis, 1).equals(first.shape().with(axis, 1))) {
                throw new ShapeException("cannot concatenate " + in + " along axis " + axis
                        + ": the other extents must be equal");
            }
            total = Math.addExact(total, s.shape().dim(axis));
        }
        return List.of(first.with(first.shape().with(axis, total)));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        List<Value> d = new ArrayList<>();
        int from = 0;
        for (Value x : in) {
            d.add(Ops.slice(g, dOut.get(0), axis, from, x.shape().dim(axis)));
            from += x.shape().dim(axis);
        }
        return Optional.of(d);
    }
}

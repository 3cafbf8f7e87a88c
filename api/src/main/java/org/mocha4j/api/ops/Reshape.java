package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** The same elements in row-major order under another shape. Costs nothing in layout PLAIN. */
public record Reshape(Shape to) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        if (x.elements() != to.elements()) {
            throw new ShapeException("cannot reshape " + x.shape() + " (" + x.elements() + " elements) to " + to + " ("
                    + to.elements() + ")");
        }
        return x.with(to);
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(Ops.reshape(g, dOut.get(0), in.get(0).shape())));
    }
}

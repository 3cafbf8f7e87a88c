package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** Axis i of the output is axis {@code axes[i]} of the input. */
public record Transpose(List<Integer> axes) implements Op1 {
    public Transpose {
        axes = List.copyOf(axes);
    }

    @Override
    public Spec infer(Spec x) {
        int rank = x.shape().rank();
        if (!axes.stream().sorted().toList().equals(IntStream.range(0, rank).boxed().toList())) {
            throw new ShapeException("axes " + axes + " are no permutation of the " + rank + " axes of " + x.shape());
        }
        return x.with(Shape.of(axes.stream().map(x.shape()::dim).toList()));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        List<Integer> inverse = IntStream.range(0, axes.size()).mapToObj(axes::indexOf).toList();
        return Optional.of(List.of(g.op(new Transpose(inverse), dOut.get(0))));
    }
}

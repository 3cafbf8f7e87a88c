package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** The block of the given size that begins at {@code from}. The gradient pads with zeros. */
public record Slice(List<Integer> from, Shape size) implements Op1 {
    public Slice {
        from = List.copyOf(from);
    }

    @Override
    public Spec infer(Spec x) {
        Shape s = x.shape();
        boolean fits = from.size() == s.rank() && size.rank() == s.rank();
        for (int i = 0; fits && i < s.rank(); i++) {
            fits = from.get(i) >= 0 && from.get(i) + size.dim(i) <= s.dim(i);
        }
        if (!fits) {
            throw new ShapeException("slice of " + size + " from " + from + " does not lie in " + s);
        }
        return x.with(size);
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Shape s = in.get(0).shape();
        List<Integer> after = IntStream.range(0, s.rank()).mapToObj(i -> s.dim(i) - from.get(i) - size.dim(i)).toList();
        return Optional.of(List.of(g.op(new Pad(from, after, 0), dOut.get(0))));
    }
}

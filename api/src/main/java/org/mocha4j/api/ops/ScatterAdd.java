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
 * Adds rows into a zeroed table: (index [i…], rows [i…, rest…]) → [size, rest…]; equal indices add up in row-major
 * order. A bad index sets the status word and its row is left out. The gradient with respect to the rows is a {@link Gather}.
 */
public record ScatterAdd(int size) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        boolean fits = in.size() == 2 && in.get(0).type() == in.get(1).type()
                && in.get(1).shape().rank() >= in.get(0).shape().rank()
                && in.get(1).shape().sub(0, in.get(0).shape().rank()).equals(in.get(0).shape());
        if (!fits) {
            throw new ShapeException("scatter takes indices [i…] and rows [i…, rest…] of one type, found " + in);
        }
        Shape rows = in.get(1).shape();
        Shape rest = rows.sub(in.get(0).shape().rank(), rows.rank());
        return List.of(in.get(1).with(join(Shape.of(size), prepend(rest))));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(Arrays.asList(null, g.op(new Gather(), dOut.get(0), in.get(0))));
    }

    private static Shape prepend(Shape rest) {
        int[] d = new int[rest.rank() + 1];
        d[0] = 1;
        System.arraycopy(rest.dims(), 0, d, 1, rest.rank());
        return Shape.of(d);
    }

    /** index shape followed by the table's shape without its first axis. */
    static Shape join(Shape index, Shape table) {
        int[] d = Arrays.copyOf(index.dims(), index.rank() + table.rank() - 1);
        System.arraycopy(table.dims(), 1, d, index.rank(), table.rank() - 1);
        return Shape.of(d);
    }
}

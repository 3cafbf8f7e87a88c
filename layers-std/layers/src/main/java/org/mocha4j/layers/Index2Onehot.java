package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.shape;

import java.util.Arrays;
import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Ops;

/**
 * A vector for each class index, 1 at the index and 0 elsewhere: [N, 1, …] → [N, classes, …], [N] like [N, 1]; one top
 * per bottom. An index that is no whole number in 0 … classes−1 stops the run, naming sample and value. No gradient. As
 * Mocha, which counts the axis from the other end.
 *
 * @param classes how many there are
 * @param axis    of extent 1 that becomes classes, at least 1, default 1; negative counts from the last
 * @yaml {name: onehot, type: Index2Onehot, classes: 10, bottoms: [label], tops: [onehot]}
 * @java Node.of("onehot", new Index2Onehot(10), "label")
 * @shape label [64]
 * @caffe none
 * @mocha Index2OnehotLayer: n_class is classes, dim is axis, counted from the other end
 */
public record Index2Onehot(int classes, Integer axis) implements Layer {
    public Index2Onehot {
        axis = or(axis, 1);
        positive("classes", classes);
    }

    /** Along axis 1. */
    public Index2Onehot(int classes) {
        this(classes, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> oneHot(g, x)).toList();
    }

    private Value oneHot(Graph g, Value x) {
        Shape s = x.shape();
        if (axis == s.rank()) {
            int[] dims = Arrays.copyOf(s.dims(), s.rank() + 1);
            dims[s.rank()] = 1;
            s = Shape.of(dims);
        }
        int a = s.axis(axis);
        shape(a > 0 && s.dim(a) == 1, "Index2Onehot expects extent 1 along axis " + axis + ", at least 1, found " + s);
        Value index = g.op(new Check(Check.Kind.LABEL, classes), Ops.reshape(g, x, s));
        return Ops.oneHot(g, index, s.with(a, classes), a);
    }
}

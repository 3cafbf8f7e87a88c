package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** (x, label, d rank 0) → (softmax(x) − onehot(label)) · d / count. A bad label gives its place no one. */
public record SoftmaxLossGradient(int axis) implements Op {
    @Override
    public List<Spec> infer(List<Spec> in) {
        if (in.size() != 3 || in.get(2).elements() != 1) {
            throw new ShapeException(this + " takes values, labels and one number, found " + in);
        }
        SoftmaxLoss.checkLabels(in.get(0), in.get(1), axis);
        return List.of(in.get(0));
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        int a = x.shape().axis(axis);
        Shape one = x.shape().with(a, 1);
        Value hot = Ops.oneHot(g, Ops.reshape(g, in.get(1), one), x.shape(), a);
        Value diff = Ops.subtract(g, g.op(new Softmax(a), x), hot);
        Value scale = Ops.affine(g, in.get(2), 1.0 / one.elements(), 0);
        return Optional.of(List.of(Ops.multiply(g, diff, Ops.broadcast(g, scale, x.shape()))));
    }
}

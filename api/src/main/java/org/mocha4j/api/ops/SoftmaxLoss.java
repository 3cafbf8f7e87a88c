package org.mocha4j.api.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * The mean over samples and places of log Σ e^(x − m) − (x_label − m), m the maximum along the class axis: (x, label) →
 * rank 0. Labels have as many elements as x has without the class axis, in the same order; one that is no whole number
 * in 0 … C−1 sets the status word.
 */
public record SoftmaxLoss(int axis) implements Op2 {
    @Override
    public Spec infer(Spec x, Spec label) {
        checkLabels(x, label, axis);
        return x.with(Shape.SCALAR);
    }

    static void checkLabels(Spec x, Spec label, int axis) {
        int classes = x.shape().dim(axis);
        if (classes == 0 || label.type() != x.type() || x.elements() / classes != label.elements() || x.elements() == 0) {
            throw new ShapeException("labels " + label + " do not fit " + x + " with classes along axis " + axis
                    + ": one label per sample and place is expected");
        }
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        int a = x.shape().axis(axis);
        Shape one = x.shape().with(a, 1);
        Value label = Ops.reshape(g, g.op(new Check(Check.Kind.LABEL, x.shape().dim(a)), in.get(1)), one);
        Value z = Ops.subtract(g, x, Ops.broadcast(g, Ops.reduceMax(g, x, a), x.shape()));
        Value logSum = Ops.log(g, Ops.sum(g, Ops.exp(g, z), List.of(a)));
        Value hot = Ops.oneHot(g, label, x.shape(), a);
        Value picked = Ops.sum(g, Ops.multiply(g, hot, z), List.of(a));
        Value total = Ops.sumAll(g, Ops.subtract(g, logSum, picked));
        return Optional.of(List.of(Ops.affine(g, total, 1.0 / one.elements(), 0)));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        Value dx = g.op(new SoftmaxLossGradient(axis), in.get(0), in.get(1), dOut.get(0));
        return Optional.of(Arrays.asList(dx, null));
    }
}

package org.mocha4j.api.ops;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/** y = e^(x − max x) / Σ e^(x − max x) along one axis. */
public record Softmax(int axis) implements Op1 {
    @Override
    public Spec infer(Spec x) {
        x.shape().axis(axis);
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        int a = x.shape().axis(axis);
        Value e = Ops.exp(g, Ops.subtract(g, x, Ops.broadcast(g, Ops.reduceMax(g, x, a), x.shape())));
        return Optional.of(List.of(Ops.divide(g, e, Ops.broadcast(g, Ops.sum(g, e, List.of(a)), x.shape()))));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new SoftmaxGradient(axis), out.get(0), dOut.get(0))));
    }
}

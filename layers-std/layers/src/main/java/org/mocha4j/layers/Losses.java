package org.mocha4j.layers;

import static org.mocha4j.api.Checks.shape;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/** What losses share. */
final class Losses {
    /** Below it a probability counts as this, so that its logarithm is finite; as in Caffe and Mocha. */
    private static final double SMALLEST = 1e-20;

    private Losses() {
    }

    /** ln max(x, 1e-20), with gradient 0 below. */
    static Value log(Graph g, Value x) {
        return Ops.log(g, Ops.max(g, x, Ops.fill(g, x.spec(), SMALLEST)));
    }

    /** x − max x − ln Σ e^(x − max x) along an axis: the logarithm of the soft maximum, finite for any finite x. */
    static Value logSoftmax(Graph g, Value x, int axis) {
        int a = x.shape().axis(axis);
        Value z = Ops.subtract(g, x, Ops.broadcast(g, Ops.reduceMax(g, x, a), x.shape()));
        Value logSum = Ops.log(g, Ops.sum(g, Ops.exp(g, z), List.of(a)));
        return Ops.subtract(g, z, Ops.broadcast(g, logSum, x.shape()));
    }

    /** The second of two blobs in the shape of the first. @throws org.mocha4j.api.ShapeException unless they fit */
    static Value fitted(Graph g, String layer, Value x, Value other) {
        Shape s = x.shape();
        Shape o = other.shape();
        shape(s.rank() > 0 && o.rank() > 0 && s.dim(0) == o.dim(0) && s.elements() == o.elements(), layer
                + " expects two bottoms with as many samples and elements, found " + s + " and " + o);
        return Ops.reshape(g, other, s);
    }

    /** factor · Σ x / count: the loss, rank 0. */
    static Value mean(Graph g, String layer, Value x, double factor, long count) {
        shape(count > 0, layer + " of an empty batch " + x.shape());
        return Ops.affine(g, Ops.sumAll(g, x), factor / count, 0);
    }

    /** Adds a loss to the objective. @return the tops: none, or the loss */
    static List<Value> add(Graph g, Value loss, double weight) {
        g.loss(loss, weight);
        return g.tops() == 0 ? List.of() : List.of(loss);
    }
}

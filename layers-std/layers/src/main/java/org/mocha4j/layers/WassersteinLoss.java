package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;
import static org.mocha4j.api.ops.Ops.divide;
import static org.mocha4j.api.ops.Ops.matMul;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * The mean over samples of what it costs to move one distribution to another, with entropy (Sinkhorn): bottoms
 * predictions a [N, …] of K elements each and labels b of L elements each, both positive with the same sum. With E =
 * e^(−lambda · metric) and u = 1/K at first, u ← a / (E · (b / (Eᵀ · u))) so many times; v = b / (Eᵀ · u); loss Σ u ·
 * ((E · metric) · v) / N, products of E with u and v as of matrices, of E with metric element by element. Adds weight
 * times the loss to the objective. No tops, or one of rank 0: the loss without the weight. What is 0 in all of a
 * sample, or a lambda · metric beyond some 80 (float32), yields NaN.
 *
 * <p>The gradient, for both bottoms, is that of the number computed, back through all iterations; Mocha takes ln u /
 * lambda instead, the gradient of the cost and its entropy. Source: Frogner et al., Learning with a Wasserstein Loss,
 * 2015.
 *
 * @param metric     [K, L], the costs, at least 0
 * @param lambda     above 0: the larger, the closer to the true distance
 * @param iterations default 50
 * @param weight     of the loss in the objective, default 1
 * @yaml {name: loss, type: WassersteinLoss, metric: [[0, 1], [1, 0]], lambda: 30, bottoms: [prob, target], phase:
 *        train}
 * @java Node.sink("loss", new WassersteinLoss(Array.of(Shape.of(2, 2), 0.0, 1, 1, 0), 30, null, null), "prob",
 *        "target").only(Phase.TRAIN)
 * @shape prob [64, 2], target [64, 2]
 * @caffe none
 * @mocha WassersteinLossLayer: M is metric, lambda, iter is iterations
 */
public record WassersteinLoss(Array metric, double lambda, Integer iterations, Double weight) implements Layer {
    public WassersteinLoss {
        iterations = or(iterations, 50);
        weight = or(weight, 1.0);
        require(metric != null && metric.shape().rank() == 2, "metric", metric == null ? null : metric.shape(),
                "costs of shape [predictions, labels]");
        for (int i = 0; i < metric.elements(); i++) {
            require(Double.isFinite(metric.at(i)) && metric.at(i) >= 0, "metric", metric.at(i),
                    "finite numbers of at least 0");
        }
        require(Double.isFinite(lambda) && lambda > 0, "lambda", lambda, "a finite number above 0");
        positive("iterations", iterations);
        finite("weight", weight);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("WassersteinLoss", inputs, "predictions", "labels");
        Value a = InnerProduct.rows(g, "WassersteinLoss", inputs.get(0), 1);
        Value b = InnerProduct.rows(g, "WassersteinLoss", inputs.get(1), 1);
        shape(a.shape().dim(0) == b.shape().dim(0) && a.shape().dim(1) == metric.shape().dim(0)
                && b.shape().dim(1) == metric.shape().dim(1), "WassersteinLoss: predictions " + inputs.get(0).shape()
                + " and labels " + inputs.get(1).shape() + " do not fit a metric " + metric.shape());
        double[] e = metric.toDoubles();
        double[] cost = metric.toDoubles();
        for (int i = 0; i < e.length; i++) {
            e[i] = Math.exp(-lambda * e[i]);
            cost[i] *= e[i];
        }
        Value kernel = g.constant(Array.of(metric.shape(), e).as(g.type()));
        Value u = Ops.fill(g, a.spec(), 1.0 / Math.max(1, a.shape().dim(1)));
        for (int i = 0; i < iterations; i++) {
            u = divide(g, a, matMul(g, divide(g, b, matMul(g, u, false, kernel, false)), false, kernel, true));
        }
        Value v = divide(g, b, matMul(g, u, false, kernel, false));
        Value moved = Ops.multiply(g, u, matMul(g, v, false, g.constant(Array.of(metric.shape(), cost).as(g.type())),
                true));
        return Losses.add(g, Losses.mean(g, "WassersteinLoss", moved, 1, a.shape().dim(0)), weight);
    }
}

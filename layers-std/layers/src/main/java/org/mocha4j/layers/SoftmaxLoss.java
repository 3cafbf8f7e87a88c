package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Flat;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * The mean over samples and places of −w_g · log softmax(x)_g, g the label, by log-sum-exp, so that it is finite for
 * any finite x: bottoms x [N, C, …] and labels with as many elements as x without the class axis ([N], [N, 1], [N, 1,
 * H, W] …). Adds weight times the loss to the objective. No tops, or one of rank 0: the loss without the weight.
 *
 * <p>Gradient weight · w_g · (softmax(x)_i − δ_ig) / (samples · places); none for the labels. A label that is no whole
 * number in 0 … C−1 stops the run, naming sample and value. Divides by all places, as Mocha; Caffe's {@code FULL}.
 *
 * @param axis    of the classes, default 1; negative counts from the last
 * @param weight  of the loss in the objective, default 1
 * @param classes weights of the classes, default 1 each
 * @yaml {name: loss, type: SoftmaxLoss, weights: [1, 1, 2], bottoms: [score, label], phase: train}
 * @java Node.sink("loss", new SoftmaxLoss(null, null, new ClassWeights(Array.of(Shape.of(3), 1.0, 1, 2), null)),
 *        "score", "label").only(Phase.TRAIN)
 * @shape score [64, 3], label [64]
 * @caffe SoftmaxWithLoss: axis; loss_weight is weight
 * @mocha SoftmaxLossLayer: weights, normalize; dim is axis, counted from the other end
 */
public record SoftmaxLoss(Integer axis, Double weight, @Flat ClassWeights classes) implements Layer {
    public SoftmaxLoss {
        axis = or(axis, 1);
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With all defaults. */
    public SoftmaxLoss() {
        this(null, null);
    }

    /** Without weights of classes. */
    public SoftmaxLoss(Integer axis, Double weight) {
        this(axis, weight, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("SoftmaxLoss", inputs, "predictions", "labels");
        Value x = inputs.get(0);
        return Losses.add(g, classes == null
                ? g.op(new org.mocha4j.api.ops.SoftmaxLoss(x.shape().axis(axis)), x, inputs.get(1))
                : weighed(g, x, inputs.get(1)), weight);
    }

    private Value weighed(Graph g, Value x, Value labels) {
        Value w = Ops.multiply(g, Labels.oneHot(g, x, axis, labels), classes.of(g, x, axis));
        return Losses.mean(g, "SoftmaxLoss", Ops.multiply(g, w, Losses.logSoftmax(g, x, axis)), -1,
                labels.shape().elements());
    }
}

package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;

/**
 * The mean over samples and places of −log softmax(x)[label], by log-sum-exp, so that it is finite for any finite x:
 * bottoms x [N, C, …] and labels with as many elements as x without the class axis ([N], [N, 1], [N, 1, H, W] …). Adds
 * weight times the loss to the objective. No tops, or one of rank 0: the loss without the weight.
 *
 * <p>Gradient weight · (softmax(x)_i − δ_i,label) / (samples · places); none for the labels. A label that is no whole
 * number in 0 … C−1 stops the run, naming sample and value. Divides by all places, as Mocha; Caffe's {@code FULL}.
 *
 * @param axis   of the classes, default 1; negative counts from the last
 * @param weight of the loss in the objective, default 1
 */
public record SoftmaxLoss(Integer axis, Double weight) implements Layer {
    public SoftmaxLoss {
        axis = or(axis, 1);
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With all defaults. */
    public SoftmaxLoss() {
        this(null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("SoftmaxLoss", inputs, "predictions", "labels");
        Value x = inputs.get(0);
        Value loss = g.op(new org.mocha4j.api.ops.SoftmaxLoss(x.shape().axis(axis)), x, inputs.get(1));
        g.loss(loss, weight);
        return g.tops() == 0 ? List.of() : List.of(loss);
    }
}

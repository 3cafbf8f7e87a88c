package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.shape;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * The mean over samples and places of −Σ y_i · log softmax(x)_i, by log-sum-exp, so that it is finite for any finite x:
 * bottoms x [N, C, …] and y of the same shape, a distribution over the classes at each place. Adds weight times the
 * loss to the objective. No tops, or one of rank 0: the loss without the weight. Gradient weight · (softmax(x)_i · Σ y
 * − y_i) / (samples · places) for x, −weight · log softmax(x)_i / (samples · places) for y. As Mocha, for labels that
 * are probabilities, such as another net's.
 *
 * @param axis   of the classes, default 1; negative counts from the last
 * @param weight of the loss in the objective, default 1
 * @yaml {name: loss, type: SoftlabelSoftmaxLoss, bottoms: [ip2, teacher], phase: train}
 * @java Node.sink("loss", new SoftlabelSoftmaxLoss(), "ip2", "teacher").only(Phase.TRAIN)
 * @shape ip2 [64, 10], teacher [64, 10]
 * @caffe none
 * @mocha SoftlabelSoftmaxLossLayer: dim is axis, counted from the other end
 */
public record SoftlabelSoftmaxLoss(Integer axis, Double weight) implements Layer {
    public SoftlabelSoftmaxLoss {
        axis = or(axis, 1);
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With all defaults. */
    public SoftlabelSoftmaxLoss() {
        this(null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("SoftlabelSoftmaxLoss", inputs, "predictions", "distributions");
        Shape x = inputs.get(0).shape();
        shape(x.equals(inputs.get(1).shape()), "SoftlabelSoftmaxLoss expects two bottoms of one shape, found " + x
                + " and "
                + inputs.get(1).shape());
        Value each = Ops.multiply(g, inputs.get(1), Losses.logSoftmax(g, inputs.get(0), axis));
        return Losses.add(g, Losses.mean(g, "SoftlabelSoftmaxLoss", each, -1, x.with(axis, 1).elements()), weight);
    }
}

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
 * The mean over samples and places of −w_g · ln p_g, g the label: bottoms probabilities p [N, C, …] and labels with as
 * many elements as p without the class axis ([N], [N, 1], [N, 1, H, W] …). Adds weight times the loss to the objective.
 * No tops, or one of rank 0: the loss without the weight.
 *
 * <p>Gradient −weight · w_g / (p_g · samples · places) at the label, else 0; none for the labels. A p below 1e-20
 * counts as 1e-20, without gradient, so that the loss is finite; {@link SoftmaxLoss} is exact there. A label that is no
 * whole number in 0 … C−1 stops the run, naming sample and value. As Caffe and Mocha, which has no gradient.
 *
 * @param axis    of the classes, default 1; negative counts from the last
 * @param weight  of the loss in the objective, default 1
 * @param classes weights of the classes, default 1 each
 * @yaml {name: loss, type: MultinomialLogisticLoss, weights: [1, 2, 1], bottoms: [prob, label], phase: train}
 * @java Node.sink("loss", new MultinomialLogisticLoss(null, null, new ClassWeights(Array.of(Shape.of(3), 1.0, 2, 1),
 *        null)), "prob", "label").only(Phase.TRAIN)
 * @shape prob [64, 3], label [64]
 * @caffe MultinomialLogisticLoss: loss_weight is weight
 * @mocha MultinomialLogisticLossLayer: weights, normalize; dim is axis, counted from the other end
 */
public record MultinomialLogisticLoss(Integer axis, Double weight, @Flat ClassWeights classes) implements Layer {
    public MultinomialLogisticLoss {
        axis = or(axis, 1);
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With all defaults. */
    public MultinomialLogisticLoss() {
        this(null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("MultinomialLogisticLoss", inputs, "probabilities", "labels");
        Value p = inputs.get(0);
        List<Integer> along = List.of(p.shape().axis(axis));
        Value hot = Labels.oneHot(g, p, axis, inputs.get(1));
        Value log = Losses.log(g, Ops.sum(g, Ops.multiply(g, hot, p), along));
        if (classes != null) {
            log = Ops.multiply(g, log, Ops.sum(g, Ops.multiply(g, hot, classes.of(g, p, axis)), along));
        }
        return Losses.add(g, Losses.mean(g, "MultinomialLogisticLoss", log, -1, log.shape().elements()), weight);
    }
}

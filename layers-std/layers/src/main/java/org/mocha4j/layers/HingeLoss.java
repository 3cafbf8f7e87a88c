package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Relu;

/**
 * Σ max(0, 1 − y · p) / N: bottoms predictions p [N, …] and labels y, −1 or 1, with as many elements. Adds weight times
 * the loss to the objective. No tops, or one of rank 0: the loss without the weight. Where y · p &lt; 1, gradient
 * −weight · y / N for p and −weight · p / N for y, else 0. For linear classifiers with a margin; as Mocha, whose loss
 * leaves the weight out. (Caffe's HingeLoss takes classes, not signs.)
 *
 * <p>Gives the figure {@code <layer>-hinge-loss}: the loss over all samples since the last reset, without the weight.
 *
 * @param weight of the loss in the objective, default 1
 * @yaml {name: loss, type: HingeLoss, bottoms: [score, label], phase: train}
 * @java Node.sink("loss", new HingeLoss(), "score", "label").only(Phase.TRAIN)
 * @shape score [64, 1], label [64]
 * @caffe HingeLoss takes classes instead of signs
 * @mocha HingeLossLayer: weight
 */
public record HingeLoss(Double weight) implements Layer, PairLoss {
    public HingeLoss {
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With weight 1. */
    public HingeLoss() {
        this(null);
    }

    @Override
    public List<String> roles() {
        return List.of("predictions", "labels");
    }

    @Override
    public List<String> figure() {
        return List.of("hinge-loss", "Hinge-loss");
    }

    @Override
    public Value element(Graph g, Value p, Value y) {
        return g.op(new Relu(), Ops.affine(g, Ops.multiply(g, p, y), -1, 1));
    }
}

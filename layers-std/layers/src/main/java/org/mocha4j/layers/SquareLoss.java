package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * Half the squared distance, ‖p − y‖² / (2N): bottoms predictions p [N, …] and targets y with as many elements. Adds
 * weight times the loss to the objective. No tops, or one of rank 0: the loss without the weight. Gradient weight · (p
 * − y) / N for p, the negative for y. For regression; as Mocha, and as Caffe, which calls it EuclideanLoss.
 *
 * <p>Gives the figure {@code <layer>-square-loss}: the loss over all samples since the last reset, without the weight.
 *
 * @param weight of the loss in the objective, default 1
 * @yaml {name: loss, type: SquareLoss, bottoms: [ip2, target], phase: train}
 * @java Node.sink("loss", new SquareLoss(), "ip2", "target").only(Phase.TRAIN)
 * @shape ip2 [64, 3], target [64, 3]
 * @caffe EuclideanLoss: loss_weight is weight
 * @mocha SquareLossLayer: weight
 */
public record SquareLoss(Double weight) implements Layer, PairLoss {
    public SquareLoss {
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With weight 1. */
    public SquareLoss() {
        this(null);
    }

    @Override
    public List<String> roles() {
        return List.of("predictions", "targets");
    }

    @Override
    public List<String> figure() {
        return List.of("square-loss", "Square-loss");
    }

    @Override
    public Value element(Graph g, Value p, Value y) {
        return Ops.affine(g, Ops.square(g, Ops.subtract(g, p, y)), 0.5, 0);
    }
}

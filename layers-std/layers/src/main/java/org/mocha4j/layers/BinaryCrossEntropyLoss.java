package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.multiply;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;

/**
 * −Σ (y · ln p + (1 − y) · ln(1 − p)) / N: bottoms probabilities p [N, …], such as a Sigmoid gives, and targets y in 0
 * … 1 with as many elements. Adds weight times the loss to the objective. No tops, or one of rank 0: the loss without
 * the weight. Gradient weight · ((1 − y)/(1 − p) − y/p) / N for p, weight · (ln(1 − p) − ln p) / N for y. A p or 1 − p
 * below 1e-20 counts as 1e-20 in its logarithm, without gradient, so that the loss is finite. As Mocha, which does not
 * clamp.
 *
 * <p>Gives the figure {@code <layer>-binary-cross-entropy-loss}: the loss over all samples since the last reset,
 * without the weight.
 *
 * @param weight of the loss in the objective, default 1
 * @yaml {name: loss, type: BinaryCrossEntropyLoss, bottoms: [prob, label], phase: train}
 * @java Node.sink("loss", new BinaryCrossEntropyLoss(), "prob", "label").only(Phase.TRAIN)
 * @shape prob [64, 1], label [64]
 * @caffe SigmoidCrossEntropyLoss, which takes the sigmoid itself
 * @mocha BinaryCrossEntropyLossLayer: weight
 */
public record BinaryCrossEntropyLoss(Double weight) implements Layer, PairLoss {
    public BinaryCrossEntropyLoss {
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With weight 1. */
    public BinaryCrossEntropyLoss() {
        this(null);
    }

    @Override
    public List<String> roles() {
        return List.of("probabilities", "targets");
    }

    @Override
    public List<String> figure() {
        return List.of("binary-cross-entropy-loss", "Binary-cross-entropy-loss");
    }

    @Override
    public Value element(Graph g, Value p, Value y) {
        Value yes = multiply(g, y, Losses.log(g, p));
        Value no = multiply(g, affine(g, y, -1, 1), Losses.log(g, affine(g, p, -1, 1)));
        return affine(g, add(g, yes, no), -1, 0);
    }
}

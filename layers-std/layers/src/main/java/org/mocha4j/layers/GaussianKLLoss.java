package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.square;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;

/**
 * The Kullback-Leibler divergence of independent normal distributions from standard ones, Σ (μ² + σ² − 2 ln σ − 1) /
 * (2N): bottoms means μ [N, …] and deviations σ, above 0, with as many elements. Adds weight times the loss to the
 * objective. No tops, or one of rank 0: the loss without the weight. Gradient weight · μ / N and weight · (σ − 1/σ) /
 * N. A σ below 1e-20, negative ones too, counts as 1e-20 in the logarithm, without gradient. For variational
 * auto-encoders; as Mocha, which does not clamp. Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014.
 *
 * <p>Gives the figure {@code <layer>-encoder-loss}: the loss over all samples since the last reset, without the weight.
 *
 * @param weight of the loss in the objective, default 1
 * @yaml {name: encoder, type: GaussianKLLoss, bottoms: [mu, sigma], phase: train}
 * @java Node.sink("encoder", new GaussianKLLoss(), "mu", "sigma").only(Phase.TRAIN)
 * @shape mu [64, 20], sigma [64, 20]
 * @caffe none
 * @mocha GaussianKLLossLayer: weight
 */
public record GaussianKLLoss(Double weight) implements Layer, PairLoss {
    public GaussianKLLoss {
        weight = or(weight, 1.0);
        finite("weight", weight);
    }

    /** With weight 1. */
    public GaussianKLLoss() {
        this(null);
    }

    @Override
    public List<String> roles() {
        return List.of("means", "deviations");
    }

    @Override
    public List<String> figure() {
        return List.of("encoder-loss", "GaussianKL-loss");
    }

    @Override
    public Value element(Graph g, Value mu, Value sigma) {
        Value log = affine(g, Losses.log(g, sigma), -2, -1);
        return affine(g, add(g, add(g, square(g, mu), square(g, sigma)), log), 0.5, 0);
    }
}

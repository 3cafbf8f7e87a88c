package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.broadcastAxis;
import static org.mocha4j.api.ops.Ops.fill;
import static org.mocha4j.api.ops.Ops.multiply;
import static org.mocha4j.api.ops.Ops.pow;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.initializers.Constant;

/**
 * Normalises each channel (axis 1 of [N, C, …]): y = scale · (x − mean) / √(variance + epsilon) + shift. In training
 * mean and variance are the batch's (divisor m, the elements of a channel, at least 2); the running ones follow them:
 * r = momentum · r + (1 − momentum) · batch's, the variance with divisor m − 1. The test phase uses the running ones
 * and changes nothing. One bottom, one top. Source: Ioffe and Szegedy, Batch Normalization, 2015.
 *
 * <p>Learns {@code scale} [C] (from 1) and {@code shift} [C] (from 0), both rate 1 without penalty; keeps {@code mean}
 * (from 0) and {@code variance} (from 1). As PyTorch, whose {@code momentum} is 1 − ours. Caffe's BatchNorm is {@code
 * affine: false} (its Scale layer follows) with {@code moving_average_fraction} .999 for ours, and divides both states
 * by a third blob.
 *
 * @param epsilon  above 0, default 1e-5
 * @param momentum the part of the running values that is kept, in [0, 1], default 0.9
 * @param affine   whether scale and shift are learned, default true
 * @yaml {name: bn1, type: BatchNorm, bottoms: [conv1], tops: [bn1]}
 * @java Node.of("bn1", new BatchNorm(), "conv1")
 * @shape conv1 [64, 20, 24, 24]
 * @caffe BatchNorm: eps is epsilon, moving_average_fraction is momentum; with affine: true also the Scale layer after
 *        it
 * @mocha none
 */
public record BatchNorm(Double epsilon, Double momentum, Boolean affine) implements Layer {
    public BatchNorm {
        epsilon = or(epsilon, 1e-5);
        momentum = or(momentum, 0.9);
        affine = or(affine, true);
        require(Double.isFinite(epsilon) && epsilon > 0, "epsilon", epsilon, "a finite number above 0");
        require(momentum >= 0 && momentum <= 1, "momentum", momentum, "at least 0 and at most 1");
    }

    /** With all defaults. */
    public BatchNorm() {
        this(null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("BatchNorm", inputs, "data");
        Value x = inputs.get(0);
        shape(x.shape().rank() >= 2, "BatchNorm expects channels along axis 1 of [N, C, …], found " + x.shape());
        Spec channel = x.spec().with(Shape.of(x.shape().dim(1)));
        Value scale = affine ? g.parameter("scale", channel.shape(), Defaults.startingAt(1)) : fill(g, channel, 1);
        Value shift = affine ? g.parameter("shift", channel.shape(), Defaults.startingAt(0)) : fill(g, channel, 0);
        Value mean = g.state("mean", channel, new Constant(0.0));
        Value variance = g.state("variance", channel, new Constant(1.0));
        if (g.phase() == Phase.TEST) {
            Value factor = multiply(g, scale, pow(g, Ops.affine(g, variance, 1, epsilon), -0.5));
            Value centred = g.op(new Bias(1), x, Ops.affine(g, mean, -1, 0));
            return List.of(g.op(new Bias(1), multiply(g, centred, broadcastAxis(g, factor, x.shape(), 1)), shift));
        }
        double m = (double) x.shape().elements() / Math.max(1, x.shape().dim(1));
        shape(m > 1, "BatchNorm needs more than one value per channel to train, found " + x.shape());
        List<Value> y = g.ops(new org.mocha4j.api.ops.BatchNorm(epsilon), x, scale, shift);
        g.assign(mean, follow(g, mean, y.get(1), 1));
        g.assign(variance, follow(g, variance, y.get(2), m / (m - 1)));
        return List.of(y.get(0));
    }

    private Value follow(Graph g, Value running, Value batch, double correction) {
        return add(g, Ops.affine(g, running, momentum, 0), Ops.affine(g, batch, (1 - momentum) * correction, 0));
    }
}

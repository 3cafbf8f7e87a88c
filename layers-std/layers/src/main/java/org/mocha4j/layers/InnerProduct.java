package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.shape;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Ops;

/**
 * The fully connected layer: y = x · weightᵀ + bias, [N, …] → [N, outputs]; all axes but the first are taken as one, in
 * row-major order. Several bottoms share the parameters and give one top each. As Caffe and Mocha, whose files fit.
 *
 * <p>Learns {@code weight} [outputs, inputs] and {@code bias} [outputs].
 *
 * @param outputs  units
 * @param weight   default: Xavier, L2(1), rate 1
 * @param bias     default: Constant(0), No, rate 2
 * @param biasTerm whether there is a bias, default true
 */
public record InnerProduct(int outputs, Param weight, Param bias, Boolean biasTerm) implements Layer {
    public InnerProduct {
        weight = Param.or(weight, Defaults.WEIGHT);
        bias = Param.or(bias, Defaults.BIAS);
        biasTerm = or(biasTerm, true);
        positive("outputs", outputs);
    }

    /** With all defaults. */
    public InnerProduct(int outputs) {
        this(outputs, null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> product(g, x)).toList();
    }

    private Value product(Graph g, Value x) {
        Shape s = x.shape();
        shape(s.rank() > 0, "InnerProduct expects a batch with samples along axis 0, found a single number");
        int features = Math.toIntExact(s.product(1, s.rank()));
        Value rows = Ops.reshape(g, x, Shape.of(s.dim(0), features));
        Value y = Ops.matMul(g, rows, false, g.parameter("weight", Shape.of(outputs, features), weight), true);
        return biasTerm ? g.op(new Bias(-1), y, g.parameter("bias", Shape.of(outputs), bias)) : y;
    }
}

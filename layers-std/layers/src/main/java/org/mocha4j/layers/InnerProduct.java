package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.shape;

import java.util.Arrays;
import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Ops;

/**
 * The fully connected layer: y = x · weightᵀ + bias, [N, …] → [N, outputs]; the axes from {@code axis} on are taken as
 * one, in row-major order, those before it stay. Several bottoms share the parameters and give one top each. As Caffe
 * and Mocha, whose files fit.
 *
 * <p>Learns {@code weight} [outputs, inputs] and {@code bias} [outputs].
 *
 * @param outputs  units
 * @param weight   default: Xavier, L2(1), rate 1
 * @param bias     default: Constant(0), No, rate 2
 * @param biasTerm whether there is a bias, default true
 * @param axis     the first of those that are inputs, at least 1, default 1; negative counts from the last
 * @yaml {name: ip1, type: InnerProduct, outputs: 500, neuron: ReLU, bottoms: [pool2], tops: [ip1]}
 * @java Node.of("ip1", new InnerProduct(500), "pool2").with(new ReLU())
 * @shape pool2 [64, 50, 4, 4]
 * @caffe InnerProduct: num_output is outputs; bias_term; weight_filler is weight.initializer, blobs_lr the rates
 * @mocha InnerProductLayer: output_dim is outputs, weight_init, weight_regu, weight_lr and so on stand in weight and
 *        bias
 */
public record InnerProduct(int outputs, Param weight, Param bias, Boolean biasTerm, Integer axis) implements Layer {
    public InnerProduct {
        weight = Param.or(weight, Defaults.WEIGHT);
        bias = Param.or(bias, Defaults.BIAS);
        biasTerm = or(biasTerm, true);
        axis = or(axis, 1);
        positive("outputs", outputs);
    }

    /** With all defaults. */
    public InnerProduct(int outputs) {
        this(outputs, null, null, null, null);
    }

    /** Over all axes but the first. */
    public InnerProduct(int outputs, Param weight, Param bias, Boolean biasTerm) {
        this(outputs, weight, bias, biasTerm, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> product(g, x)).toList();
    }

    private Value product(Graph g, Value x) {
        Value rows = rows(g, "InnerProduct", x, axis);
        Value w = g.parameter("weight", Shape.of(outputs, rows.shape().dim(1)), weight);
        Value y = Ops.matMul(g, rows, false, w, true);
        return leading(g, biasTerm ? g.op(new Bias(-1), y, g.parameter("bias", Shape.of(outputs), bias)) : y, x, axis);
    }

    /** [rows, inputs]: the axes before an axis as one, the others as one. */
    static Value rows(Graph g, String layer, Value x, int axis) {
        Shape s = x.shape();
        shape(s.rank() > 0, layer + " expects a batch with samples along axis 0, found a single number");
        int a = axis < 0 ? axis + s.rank() : axis;
        shape(a > 0 && a <= s.rank(), layer + ": axis " + axis + " of " + s + "; expected: 1 to " + s.rank());
        return Ops.reshape(g, x, Shape.of(Math.toIntExact(s.product(0, a)), Math.toIntExact(s.product(a, s.rank()))));
    }

    /** Rows [rows, outputs] with the axes that x has before an axis. */
    static Value leading(Graph g, Value rows, Value x, int axis) {
        int a = axis < 0 ? axis + x.shape().rank() : axis;
        int[] dims = Arrays.copyOf(x.shape().dims(), a + 1);
        dims[a] = rows.shape().dim(1);
        return Ops.reshape(g, rows, Shape.of(dims));
    }
}

package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;
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
 * A fully connected layer with the weights of another one, transposed: y = x · weight + bias, where the {@link
 * InnerProduct} that it is tied to has weight [outputs, inputs]; [N, outputs] → [N, inputs]. The weights are trained by
 * both uses together, under the other layer's name. Axes before {@code axis} stay. Several bottoms share the bias and
 * give one top each. For auto-encoders; as Mocha, which ties by parameter key.
 *
 * <p>Learns {@code bias} [inputs].
 *
 * @param tiedTo   name of the InnerProduct layer, or its {@code paramKey}; it must be computed before this one
 * @param bias     default: Constant(0), No, rate 2
 * @param biasTerm whether there is a bias, default true
 * @param axis     the first of those that are taken as one, at least 1, default 1; negative counts from the last
 * @yaml {name: decoded, type: TiedInnerProduct, tiedTo: encoded, bottoms: [code], tops: [decoded]}
 * @java Node.of("decoded", new TiedInnerProduct("encoded"), "code")
 * @shape none, it needs the other layer
 * @caffe none
 * @mocha TiedInnerProductLayer: tied_param_key is tiedTo
 */
public record TiedInnerProduct(String tiedTo, Param bias, Boolean biasTerm, Integer axis) implements Layer {
    public TiedInnerProduct {
        bias = Param.or(bias, Defaults.BIAS);
        biasTerm = or(biasTerm, true);
        axis = or(axis, 1);
        require(tiedTo != null && !tiedTo.isEmpty(), "tiedTo", tiedTo, "the name of an InnerProduct layer");
    }

    /** With all defaults. */
    public TiedInnerProduct(String tiedTo) {
        this(tiedTo, null, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> product(g, x)).toList();
    }

    private Value product(Graph g, Value x) {
        Value w = g.parameterOf(tiedTo, "weight");
        shape(w.shape().rank() == 2, "TiedInnerProduct: [" + tiedTo + "] has weights " + w.shape()
                + "; expected: those of an InnerProduct, [outputs, inputs]");
        Value rows = InnerProduct.rows(g, "TiedInnerProduct", x, axis);
        shape(rows.shape().dim(1) == w.shape().dim(0), "TiedInnerProduct: " + x.shape() + " has " + rows.shape().dim(1)
                + " features from axis " + axis + " on; [" + tiedTo + "] has " + w.shape().dim(0) + " outputs");
        Value y = Ops.matMul(g, rows, false, w, false);
        Shape outputs = Shape.of(w.shape().dim(1));
        return InnerProduct.leading(g, biasTerm ? g.op(new Bias(-1), y, g.parameter("bias", outputs, bias)) : y, x,
                axis);
    }
}

package org.mocha4j.transformers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * y = scale · x. Any shape.
 *
 * @param scale default 1
 * @yaml {type: Scale, scale: 0.00390625}
 * @java new org.mocha4j.transformers.Scale(0.00390625)
 * @caffe transform_param: scale
 * @mocha DataTransformers.Scale: scale
 */
public record Scale(Double scale) implements Transformer {
    public Scale {
        scale = or(scale, 1.0);
        finite("scale", scale);
    }

    @Override
    public Value apply(Graph g, Value x) {
        return Ops.affine(g, x, scale, 0);
    }
}

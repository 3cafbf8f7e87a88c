package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;

/**
 * y = e^(x − max x) / Σ e^(x − max x) along one axis, at every place of the others. Any shape of at least axis + 1
 * axes; one top per bottom. NaN along the axis makes all of it NaN. As Caffe; Mocha counts the axis from the other end.
 *
 * @param axis of the classes, default 1; negative counts from the last
 * @yaml {name: prob, type: Softmax, bottoms: [ip2], tops: [prob]}
 * @java Node.of("prob", new Softmax(), "ip2")
 * @shape ip2 [64, 10]
 * @caffe Softmax: axis
 * @mocha SoftmaxLayer: dim is axis, counted from the other end
 */
public record Softmax(Integer axis) implements Layer {
    public Softmax {
        axis = or(axis, 1);
    }

    /** Along axis 1. */
    public Softmax() {
        this(null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream()
                .map(x -> g.op(new org.mocha4j.api.ops.Softmax(x.shape().axis(axis)), x)).toList();
    }
}

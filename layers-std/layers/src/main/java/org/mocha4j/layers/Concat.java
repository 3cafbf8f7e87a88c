package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * Puts its bottoms one after the other along an axis into one top; all other extents are equal. Any number of bottoms.
 * The gradient is cut up again. As Caffe and Mocha, which counts the axis from the other end.
 *
 * @param axis default 1, the channels; negative counts from the last
 * @yaml {name: both, type: Concat, bottoms: [left, right], tops: [both]}
 * @java new Node("both", new Concat(), List.of("left", "right"), List.of("both"), null, null, null)
 * @shape left [64, 20, 12, 12], right [64, 30, 12, 12]
 * @caffe Concat: axis, concat_dim
 * @mocha ConcatLayer: dim is axis, counted from the other end
 */
public record Concat(Integer axis) implements Layer {
    public Concat {
        axis = or(axis, 1);
    }

    /** Along axis 1. */
    public Concat() {
        this(null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        require(!inputs.isEmpty(), "bottoms", "empty", "at least one name");
        return List.of(Ops.concatenate(g, inputs.get(0).shape().axis(axis), inputs));
    }
}

package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * The index of the largest element along an axis, from 0, as a number of the net's type: [N, C, …] → [N, 1, …]; one top
 * per bottom. The first maximum wins; NaN counts as the maximum. No gradient: what comes before it is not trained
 * through it. As Mocha, for the classes that a net predicts; Caffe's ArgMax gives the axis another place by default.
 *
 * @param axis default 1, the channels; negative counts from the last
 * @yaml {name: predicted, type: Argmax, bottoms: [ip2], tops: [predicted], phase: test}
 * @java Node.of("predicted", new Argmax(), "ip2").only(Phase.TEST)
 * @shape ip2 [64, 10]
 * @caffe ArgMax with axis: 1
 * @mocha ArgmaxLayer: dim is axis, counted from the other end
 */
public record Argmax(Integer axis) implements Layer {
    public Argmax {
        axis = or(axis, 1);
    }

    /** Along axis 1. */
    public Argmax() {
        this(null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> Ops.argMax(g, x, x.shape().axis(axis))).toList();
    }
}

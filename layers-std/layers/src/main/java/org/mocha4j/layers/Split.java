package org.mocha4j.layers;

import static org.mocha4j.api.Checks.require;

import java.util.Collections;
import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;

/**
 * Gives its bottom several names: every top is the bottom, of any shape; gradients add up. Not needed here, where a
 * blob may feed any number of layers; there for nets written for Caffe and Mocha. The number of tops is what the net
 * names.
 *
 * @yaml {name: twice, type: Split, bottoms: [data], tops: [left, right]}
 * @java new Node("twice", new Split(), List.of("data"), List.of("left", "right"), null, null, null)
 * @shape data [64, 1, 28, 28]
 * @caffe Split
 * @mocha SplitLayer
 */
public record Split() implements Layer {
    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("Split", inputs, "data");
        require(g.tops() > 0, "tops", "empty", "at least one name");
        return Collections.nCopies(g.tops(), inputs.get(0));
    }
}

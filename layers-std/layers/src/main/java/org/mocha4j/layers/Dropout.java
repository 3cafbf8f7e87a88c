package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Value;

/**
 * Sets elements to 0 at random and scales the others, so that the mean stays: y = x / (1 − ratio) where u &gt; ratio,
 * else 0, u uniform in [0, 1), new for each element and step; the gradient takes the same mask. Training only: the
 * identity in the test phase. Any shapes; one top per bottom, the bottom itself where a net names no tops. Source:
 * Srivastava et al., Dropout, 2014; scaled in training as in Caffe and Mocha.
 *
 * @param ratio the part to drop, in [0, 1), default 0.5
 * @yaml {name: drop1, type: Dropout, ratio: 0.5, bottoms: [ip1], tops: [ip1]}
 * @java Node.of("drop1", new Dropout(0.5), "ip1", "ip1")
 * @shape ip1 [64, 500]
 * @caffe Dropout: dropout_ratio
 * @mocha DropoutLayer: ratio; always in place
 */
public record Dropout(Double ratio) implements Layer {
    public Dropout {
        ratio = or(ratio, 0.5);
        require(ratio >= 0 && ratio < 1, "ratio", ratio, "at least 0 and below 1");
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        if (g.phase() == Phase.TEST || ratio == 0) {
            return inputs;
        }
        List<Value> tops = new ArrayList<>();
        for (Value x : inputs) {
            Value u = g.random("mask" + tops.size(), Distribution.uniform(), x.shape());
            tops.add(g.op(new org.mocha4j.api.ops.Dropout(ratio), x, u));
        }
        return tops;
    }

    @Override
    public boolean inPlace() {
        return true;
    }
}

package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Select.Comparison;

/**
 * Sets elements to 0 at random: y = x where u &gt; ratio, else 0, u uniform in [0, 1), new for each element and step;
 * the gradient takes the same mask. Unlike {@link Dropout} nothing is scaled, and it masks in both phases. Any shapes;
 * one top per bottom, the bottom itself where a net names no tops. As Mocha, for denoising auto-encoders.
 *
 * @param ratio the part to set to 0, in [0, 1), default 0.5
 * @yaml {name: noisy, type: RandomMask, ratio: 0.3, bottoms: [data], tops: [noisy]}
 * @java Node.of("noisy", new RandomMask(0.3), "data")
 * @shape data [100, 1, 28, 28]
 * @caffe none
 * @mocha RandomMaskLayer: ratio
 */
public record RandomMask(Double ratio) implements Layer {
    public RandomMask {
        ratio = or(ratio, 0.5);
        require(ratio >= 0 && ratio < 1, "ratio", ratio, "at least 0 and below 1");
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        List<Value> tops = new ArrayList<>();
        for (Value x : inputs) {
            tops.add(ratio == 0 ? x : masked(g, x, "mask" + tops.size()));
        }
        return tops;
    }

    private Value masked(Graph g, Value x, String name) {
        Spec s = x.spec();
        Value u = g.random(name, Distribution.uniform(), s.shape());
        return Ops.select(g, Comparison.LESS, Ops.fill(g, s, ratio), u, x, Ops.fill(g, s, 0));
    }

    @Override
    public boolean inPlace() {
        return true;
    }
}

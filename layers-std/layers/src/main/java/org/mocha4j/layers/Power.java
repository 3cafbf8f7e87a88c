package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * Raises a scaled and shifted input to a power: y = (scale · x + shift)^power. Any shapes; one top per bottom. A
 * negative base with a power that is not whole yields NaN, 0 with a negative power infinity. Gradient power · scale ·
 * (scale · x + shift)^(power − 1), taken as 0 where that is infinite, at a base of 0. As Caffe and Mocha, whose
 * gradient is NaN there.
 *
 * @param power default 1
 * @param scale default 1
 * @param shift default 0
 * @yaml {name: centred, type: Power, scale: 2, shift: -1, bottoms: [data], tops: [centred]}
 * @java Node.of("centred", new Power(null, 2.0, -1.0), "data")
 * @shape data [64, 1, 28, 28]
 * @caffe Power: power, scale, shift
 * @mocha PowerLayer: power, scale, shift
 */
public record Power(Double power, Double scale, Double shift) implements Layer {
    public Power {
        power = or(power, 1.0);
        scale = or(scale, 1.0);
        shift = or(shift, 0.0);
        finite("power", power);
        finite("scale", scale);
        finite("shift", shift);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> Ops.affine(g, x, scale, shift))
                .map(x -> power == 1 ? x : Ops.pow(g, x, power)).toList();
    }
}

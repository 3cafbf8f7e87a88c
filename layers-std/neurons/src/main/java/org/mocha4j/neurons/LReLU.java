package org.mocha4j.neurons;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.fill;
import static org.mocha4j.api.ops.Ops.select;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Select.Comparison;

/**
 * The leaky rectifier: y = x where x &gt; 0, else slope · x; NaN for NaN. dx = dy where x &gt; 0, else slope · dy (at 0
 * too, as in Mocha and Caffe). Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models,
 * 2013. Caffe has it as {@code negative_slope} of ReLU.
 *
 * @param slope of the negative side, default 0.01 as in Mocha
 * @yaml {type: LReLU, slope: 0.1}
 * @java new LReLU(0.1)
 * @caffe ReLU, a layer, with negative_slope
 * @mocha Neurons.LReLU
 */
public record LReLU(Double slope) implements Neuron {
    public LReLU {
        slope = or(slope, 0.01);
        finite("slope", slope);
    }

    /** With Mocha's slope. */
    public LReLU() {
        this(null);
    }

    @Override
    public Value apply(Graph g, Value x) {
        return select(g, Comparison.LESS, fill(g, x.spec(), 0), x, x, affine(g, x, slope, 0));
    }
}

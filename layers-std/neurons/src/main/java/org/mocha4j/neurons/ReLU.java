package org.mocha4j.neurons;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Relu;

/**
 * y = max(x, ε), NaN for NaN. dx = dy where y &gt; ε, else 0 (at x = ε too, as in Mocha and Caffe).
 *
 * @param epsilon the least output (ε), default 0; as Mocha's {@code ReLU(epsilon)}
 * @yaml ReLU
 * @java new ReLU()
 * @caffe ReLU, a layer
 * @mocha Neurons.ReLU
 */
public record ReLU(Double epsilon) implements Neuron {
    public ReLU {
        epsilon = or(epsilon, 0.0);
        finite("epsilon", epsilon);
    }

    /** y = max(x, 0). */
    public ReLU() {
        this(null);
    }

    @Override
    public Value apply(Graph g, Value x) {
        return epsilon == 0 ? g.op(new Relu(), x) : Ops.max(g, Ops.fill(g, x.spec(), epsilon), x);
    }
}

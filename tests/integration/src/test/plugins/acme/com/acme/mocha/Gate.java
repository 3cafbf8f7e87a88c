package com.acme.mocha;

import static org.mocha4j.api.Checks.shape;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.broadcastAxis;
import static org.mocha4j.api.ops.Ops.multiply;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Sigmoid;

/**
 * Opens or closes each channel as far as it has learned: y[n, c, …] = x[n, c, …] · 2 / (1 + e^−gate[c]), so that a gate
 * of 0 changes nothing. [N, C, …] → the same shape. Several bottoms share the gates and give one top each.
 *
 * <p>Learns {@code gate} [C].
 *
 * @param gate default: starts at 0, no penalty, rate 1
 */
public record Gate(Param gate) implements Layer {
    public Gate {
        gate = Param.or(gate, Param.DEFAULT);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> gated(g, x)).toList();
    }

    private Value gated(Graph g, Value x) {
        shape(x.shape().rank() >= 2, "Gate expects channels along axis 1 of [N, C, …], found " + x.shape());
        Value open = g.op(new Sigmoid(), g.parameter("gate", Shape.of(x.shape().dim(1)), gate));
        return multiply(g, x, broadcastAxis(g, affine(g, open, 2, 0), x.shape(), 1));
    }
}

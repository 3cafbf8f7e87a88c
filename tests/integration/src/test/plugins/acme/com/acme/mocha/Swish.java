package com.acme.mocha;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Value;

/**
 * y = x / (1 + e^−βx), a smooth relative of ReLU. Source: Ramachandran et al., Searching for Activation Functions,
 * 2017.
 *
 * @param beta β, the steepness: 0 halves the input, a large one is nearly ReLU; default 1
 */
public record Swish(Double beta) implements Neuron {
    public Swish {
        beta = or(beta, 1.0);
        finite("beta", beta);
    }

    @Override
    public Value apply(Graph g, Value x) {
        return g.op(new SwishOp(beta), x);
    }
}

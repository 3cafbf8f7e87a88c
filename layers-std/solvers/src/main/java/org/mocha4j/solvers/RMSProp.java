package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.broadcast;
import static org.mocha4j.api.ops.Ops.divide;
import static org.mocha4j.api.ops.Ops.multiply;
import static org.mocha4j.api.ops.Ops.pow;
import static org.mocha4j.api.ops.Ops.square;
import static org.mocha4j.api.ops.Ops.subtract;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Slots;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;

/**
 * RMSProp: E = decay · E + (1−decay) · gradient², w = w − rate · gradient / (√E + ε). Slot: {@code squares} (E, 0 at
 * first). Tieleman and Hinton, Lecture 6.5 of Neural networks for machine learning, 2012; ε stands outside the root, as
 * in Caffe and PyTorch, whose default decay this is (the lecture has 0.9).
 *
 * @param decay            of the mean square, in [0, 1), default 0.99
 * @param epsilon          above 0, default 1e-8
 * @param ignoreLocalRates whether the parameters' own rates are left out, as Mocha's adaptive solvers do; default false
 * @yaml {type: RMSProp, iterations: 10000, rate: 0.001}
 * @java SolverConfig.of(new RMSProp(), 10_000, 0.001)
 * @caffe RMSProp: rms_decay is decay, delta epsilon
 * @mocha none
 */
public record RMSProp(Double decay, Double epsilon, Boolean ignoreLocalRates) implements UpdateRule {
    public RMSProp {
        decay = or(decay, 0.99);
        epsilon = or(epsilon, 1e-8);
        ignoreLocalRates = or(ignoreLocalRates, false);
        require(decay >= 0 && decay < 1, "decay", decay, "at least 0 and below 1");
        require(Double.isFinite(epsilon) && epsilon > 0, "epsilon", epsilon, "a finite number above 0");
    }

    /** With all defaults. */
    public RMSProp() {
        this(null, null, null);
    }

    @Override
    public void update(Graph g, Value parameter, Value gradient, Slots state) {
        Value squares = state.state("squares");
        Value rate = broadcast(g, ignoreLocalRates ? state.globalRate() : state.rate(), parameter.shape());
        Value next = add(g, affine(g, squares, decay, 0), affine(g, square(g, gradient), 1 - decay, 0));
        Value step = divide(g, multiply(g, rate, gradient), affine(g, pow(g, next, 0.5), 1, epsilon));
        g.assign(parameter, subtract(g, parameter, step));
        g.assign(squares, next);
    }
}

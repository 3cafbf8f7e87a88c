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
 * AdaGrad: G = G + gradient², w = w − rate · gradient / (√G + ε), each element with its own G. Slot: {@code squares}
 * (G, 0 at first). Duchi, Hazan and Singer, Adaptive subgradient methods, 2011; as Caffe and PyTorch. Mocha has one
 * rate for a whole blob, and its local rates count for nothing, neither of which is so here.
 *
 * @param epsilon          above 0, default 1e-8
 * @param ignoreLocalRates whether the parameters' own rates are left out, as in Mocha; default false
 * @yaml {type: AdaGrad, iterations: 10000, rate: 0.01}
 * @java SolverConfig.of(new AdaGrad(), 10_000, 0.01)
 * @caffe AdaGrad: delta is epsilon
 * @mocha AdaGrad: epsilon
 */
public record AdaGrad(Double epsilon, Boolean ignoreLocalRates) implements UpdateRule {
    public AdaGrad {
        epsilon = or(epsilon, 1e-8);
        ignoreLocalRates = or(ignoreLocalRates, false);
        require(Double.isFinite(epsilon) && epsilon > 0, "epsilon", epsilon, "a finite number above 0");
    }

    /** With all defaults. */
    public AdaGrad() {
        this(null, null);
    }

    @Override
    public void update(Graph g, Value parameter, Value gradient, Slots state) {
        Value squares = state.state("squares");
        Value rate = broadcast(g, ignoreLocalRates ? state.globalRate() : state.rate(), parameter.shape());
        Value next = add(g, squares, square(g, gradient));
        Value step = divide(g, multiply(g, rate, gradient), affine(g, pow(g, next, 0.5), 1, epsilon));
        g.assign(parameter, subtract(g, parameter, step));
        g.assign(squares, next);
    }
}

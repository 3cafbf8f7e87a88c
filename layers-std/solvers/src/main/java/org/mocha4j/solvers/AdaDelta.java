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
 * AdaDelta: E = ρE + (1−ρ) · gradient², d = gradient · √(D + ε) / √(E + ε), D = ρD + (1−ρ)d², w = w − rate · d. Slots:
 * {@code squares} (E) and {@code steps} (D), 0 at first. Zeiler, ADADELTA, 2012, which has no rate: give 1 for the
 * paper's. The factor is that of Caffe, Mocha and PyTorch.
 *
 * @param rho              decay of both means, in [0, 1), default 0.95
 * @param epsilon          above 0, default 1e-6
 * @param ignoreLocalRates whether the parameters' own rates are left out, as in Mocha; default false
 * @yaml {type: AdaDelta, iterations: 10000, rate: 1}
 * @java SolverConfig.of(new AdaDelta(), 10_000, 1)
 * @caffe AdaDelta: momentum is rho, delta epsilon
 * @mocha AdaDelta: rho, eps is epsilon
 */
public record AdaDelta(Double rho, Double epsilon, Boolean ignoreLocalRates) implements UpdateRule {
    public AdaDelta {
        rho = or(rho, 0.95);
        epsilon = or(epsilon, 1e-6);
        ignoreLocalRates = or(ignoreLocalRates, false);
        require(rho >= 0 && rho < 1, "rho", rho, "at least 0 and below 1");
        require(Double.isFinite(epsilon) && epsilon > 0, "epsilon", epsilon, "a finite number above 0");
    }

    /** With all defaults. */
    public AdaDelta() {
        this(null, null, null);
    }

    @Override
    public void update(Graph g, Value parameter, Value gradient, Slots state) {
        Value squares = state.state("squares");
        Value steps = state.state("steps");
        Value rate = broadcast(g, ignoreLocalRates ? state.globalRate() : state.rate(), parameter.shape());
        Value nextSquares = mean(g, squares, gradient);
        Value step = multiply(g, gradient, divide(g, root(g, steps), root(g, nextSquares)));
        g.assign(parameter, subtract(g, parameter, multiply(g, rate, step)));
        g.assign(squares, nextSquares);
        g.assign(steps, mean(g, steps, step));
    }

    private Value mean(Graph g, Value before, Value x) {
        return add(g, affine(g, before, rho, 0), affine(g, square(g, x), 1 - rho, 0));
    }

    private Value root(Graph g, Value x) {
        return pow(g, affine(g, x, 1, epsilon), 0.5);
    }
}

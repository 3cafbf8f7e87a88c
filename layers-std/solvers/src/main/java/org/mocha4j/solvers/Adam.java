package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Slots;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.AdamUpdate;

/**
 * Adam: m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², w = w − rate · m̂ / (√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ), t = 1
 * at the first update. Slots: {@code moment1} (m) and {@code moment2} (v), 0 at first. Kingma and Ba, Adam, 2015. ε
 * stands outside the corrected root, as in the paper's algorithm and PyTorch; Mocha's second moment never decays and
 * its local rates count for nothing, neither of which is so here.
 *
 * @param beta1            decay of the first moment, in [0, 1), default 0.9
 * @param beta2            decay of the second moment, in [0, 1), default 0.999
 * @param epsilon          above 0, default 1e-8
 * @param ignoreLocalRates whether the parameters' own rates are left out, as in Mocha; default false
 * @yaml {type: Adam, iterations: 10000, rate: 0.001}
 * @java SolverConfig.of(new Adam(), 10_000, 0.001)
 * @caffe Adam: momentum is beta1, momentum2 beta2, delta epsilon
 * @mocha Adam: beta1, beta2, epsilon
 */
public record Adam(Double beta1, Double beta2, Double epsilon, Boolean ignoreLocalRates) implements UpdateRule {
    public Adam {
        beta1 = or(beta1, 0.9);
        beta2 = or(beta2, 0.999);
        epsilon = or(epsilon, 1e-8);
        ignoreLocalRates = or(ignoreLocalRates, false);
        require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and below 1");
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        require(Double.isFinite(epsilon) && epsilon > 0, "epsilon", epsilon, "a finite number above 0");
    }

    /** With all defaults. */
    public Adam() {
        this(null, null, null, null);
    }

    @Override
    public void update(Graph g, Value parameter, Value gradient, Slots state) {
        Value m = state.state("moment1");
        Value v = state.state("moment2");
        Value rate = ignoreLocalRates ? state.globalRate() : state.rate();
        List<Value> next = g.ops(new AdamUpdate(beta1, beta2, epsilon), parameter, gradient, m, v, rate,
                correction(g, beta1), correction(g, beta2));
        g.assign(parameter, next.get(0));
        g.assign(m, next.get(1));
        g.assign(v, next.get(2));
    }

    private static Value correction(Graph g, double beta) {
        return g.scalar("adam-correction-" + beta, new Correction(beta));
    }

    /** 1 / (1 − βᵗ), t = completed updates + 1. */
    record Correction(double beta) implements Policy {
        @Override
        public double at(long iteration) {
            return 1 / (1 - Math.pow(beta, iteration + 1));
        }
    }
}

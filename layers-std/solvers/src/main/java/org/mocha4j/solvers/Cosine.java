package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Policy;

/**
 * Half a cosine after a linear warm-up of w iterations, i the completed iterations: base · (i+1) / (w+1) for i below w;
 * then min + (base − min) · (1 + cos(π · (i−w) / (iterations−w))) / 2; min from {@code iterations} on. Loshchilov and
 * Hutter, SGDR, 2017, without restarts.
 *
 * @param base       at its highest
 * @param iterations at which it reaches min; usually the solver's
 * @param min        default 0
 * @param warmUp     iterations of the warm-up (w), below {@code iterations}, default 0
 * @yaml {type: Cosine, base: 0.1, iterations: 10000, warmUp: 500}
 * @java new Cosine(0.1, 10_000, null, 500)
 * @caffe none
 * @mocha none
 */
public record Cosine(double base, int iterations, Double min, Integer warmUp) implements Policy {
    public Cosine {
        min = or(min, 0.0);
        warmUp = or(warmUp, 0);
        finite("base", base);
        positive("iterations", iterations);
        finite("min", min);
        require(warmUp >= 0 && warmUp < iterations, "warmUp", warmUp, "at least 0 and below iterations");
    }

    @Override
    public double at(long iteration) {
        if (iteration < warmUp) {
            return base * (iteration + 1) / (warmUp + 1);
        }
        if (iteration >= iterations) {
            return min;
        }
        double part = (double) (iteration - warmUp) / (iterations - warmUp);
        return min + (base - min) * (1 + Math.cos(Math.PI * part)) / 2;
    }
}

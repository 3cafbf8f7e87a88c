package org.mocha4j.solvers;

import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.broadcast;
import static org.mocha4j.api.ops.Ops.divide;
import static org.mocha4j.api.ops.Ops.fill;
import static org.mocha4j.api.ops.Ops.max;
import static org.mocha4j.api.ops.Ops.multiply;
import static org.mocha4j.api.ops.Ops.pow;
import static org.mocha4j.api.ops.Ops.square;
import static org.mocha4j.api.ops.Ops.sumAll;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Value;

/**
 * Scales all gradients by norm / max(norm, ‖all gradients together‖₂): down to the norm when above it, else by 1,
 * which leaves every bit. As Caffe's {@code clip_gradients}; PyTorch adds 1e-6 to the divisor. NaN stays NaN.
 *
 * @param norm the largest norm, above 0
 * @yaml {type: ClipByGlobalNorm, norm: 5}
 * @java new ClipByGlobalNorm(5)
 * @caffe the solver's clip_gradients
 * @mocha none
 */
public record ClipByGlobalNorm(double norm) implements GradientRule {
    public ClipByGlobalNorm {
        require(Double.isFinite(norm) && norm > 0, "norm", norm, "a finite number above 0");
    }

    @Override
    public List<Value> apply(Graph g, List<Value> gradients) {
        Value total = gradients.stream().map(d -> sumAll(g, square(g, d))).reduce((a, b) -> add(g, a, b)).orElse(null);
        if (total == null) {
            return gradients;
        }
        Value limit = fill(g, total.spec(), norm);
        Value factor = divide(g, limit, max(g, pow(g, total, 0.5), limit));
        return gradients.stream().map(d -> multiply(g, d, broadcast(g, factor, d.shape()))).toList();
    }
}

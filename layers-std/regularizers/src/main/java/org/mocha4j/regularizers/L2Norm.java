package org.mocha4j.regularizers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.ops.Ops.broadcast;
import static org.mocha4j.api.ops.Ops.divide;
import static org.mocha4j.api.ops.Ops.fill;
import static org.mocha4j.api.ops.Ops.max;
import static org.mocha4j.api.ops.Ops.multiply;
import static org.mocha4j.api.ops.Ops.pow;
import static org.mocha4j.api.ops.Ops.select;
import static org.mocha4j.api.ops.Ops.square;
import static org.mocha4j.api.ops.Ops.sum;

import java.util.List;
import java.util.stream.IntStream;
import org.mocha4j.api.Constraint;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Select.Comparison;

/**
 * Bounds the inputs of each output unit (of one filter): w · threshold / max(‖w‖₂, threshold), so to exactly the
 * threshold where the norm is above it, and by 1, which leaves every bit, where it is not. Units lie along axis 0; each
 * element of a vector is a unit of its own. NaN stays NaN. Hinton et al., Improving neural networks by preventing
 * co-adaptation of feature detectors, 2012; Mocha's {@code L2Cons}.
 *
 * @param threshold       the largest norm, above 0
 * @param everyIterations projects after each update whose number, from 1 on, is a multiple of this; default 1
 * @yaml {type: L2Norm, threshold: 3}
 * @java new L2Norm(3)
 * @caffe none
 * @mocha L2Cons: threshold, every_n_iter
 */
public record L2Norm(double threshold, Integer everyIterations) implements Constraint {
    public L2Norm {
        everyIterations = or(everyIterations, 1);
        require(Double.isFinite(threshold) && threshold > 0, "threshold", threshold, "a finite number above 0");
        positive("everyIterations", everyIterations);
    }

    /** After each update. */
    public L2Norm(double threshold) {
        this(threshold, null);
    }

    @Override
    public Value project(Graph g, Value weights) {
        List<Integer> inputs = IntStream.range(1, weights.shape().rank()).boxed().toList();
        Value norm = pow(g, sum(g, square(g, weights), inputs), 0.5);
        Value limit = fill(g, norm.spec(), threshold);
        Value factor = divide(g, limit, max(g, norm, limit));
        if (everyIterations > 1) {
            Value due = broadcast(g, g.scalar("every-" + everyIterations, new Every(everyIterations)), norm.shape());
            Value one = fill(g, norm.spec(), 1);
            factor = select(g, Comparison.EQUAL, due, one, factor, one);
        }
        return multiply(g, weights, broadcast(g, factor, weights.shape()));
    }

    /** 1 at the last of each n iterations, else 0. */
    record Every(int n) implements Policy {
        @Override
        public double at(long iteration) {
            return (iteration + 1) % n == 0 ? 1 : 0;
        }
    }
}

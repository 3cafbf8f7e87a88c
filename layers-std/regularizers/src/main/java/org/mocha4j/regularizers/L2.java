package org.mocha4j.regularizers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.square;
import static org.mocha4j.api.ops.Ops.sumAll;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Regularizer;
import org.mocha4j.api.Value;

/**
 * The penalty coefficient · Σ w², with gradient 2 · coefficient · w; both are multiplied by the solver's global
 * coefficient. As in Mocha; Caffe's {@code weight_decay} d has gradient d · w, so it is d/2 here.
 *
 * @param coefficient at least 0, default 1
 * @yaml {type: L2, coefficient: 250}
 * @java new L2(250.0)
 * @caffe regularization_type: "L2" with decay_mult as coefficient; weight_decay is twice the solver's regularization
 * @mocha L2Regu: coefficient
 */
public record L2(Double coefficient) implements Regularizer {
    public L2 {
        coefficient = or(coefficient, 1.0);
        require(Double.isFinite(coefficient) && coefficient >= 0, "coefficient", coefficient,
                "a finite number of at least 0");
    }

    @Override
    public Value penalty(Graph g, Value weights) {
        return coefficient == 0 ? null : affine(g, sumAll(g, square(g, weights)), coefficient, 0);
    }
}

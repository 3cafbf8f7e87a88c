package org.mocha4j.regularizers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.ops.Ops.abs;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.sumAll;

import org.mocha4j.api.Graph;
import org.mocha4j.api.Regularizer;
import org.mocha4j.api.Value;

/**
 * The penalty coefficient · Σ |w|, with gradient coefficient · sign(w), sign(0) = 0; both are multiplied by the
 * solver's global coefficient. As in Mocha and Caffe.
 *
 * @param coefficient at least 0, default 1
 * @yaml {type: L1, coefficient: 0.5}
 * @java new L1(0.5)
 * @caffe regularization_type: "L1" with decay_mult as coefficient
 * @mocha L1Regu: coefficient
 */
public record L1(Double coefficient) implements Regularizer {
    public L1 {
        coefficient = or(coefficient, 1.0);
        require(Double.isFinite(coefficient) && coefficient >= 0, "coefficient", coefficient,
                "a finite number of at least 0");
    }

    @Override
    public Value penalty(Graph g, Value weights) {
        return coefficient == 0 ? null : affine(g, sumAll(g, abs(g, weights)), coefficient, 0);
    }
}

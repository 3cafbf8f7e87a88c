package org.mocha4j.layers;

import static org.mocha4j.api.Checks.finite;
import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Measurement;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Select.Comparison;

/**
 * The fraction of elements for which prediction and label are on the same side of a threshold, over all samples since
 * the last reset: bottoms predictions [N, …] and labels with as many elements; no tops. Above the threshold is one
 * side, at or below it, or NaN, the other: the default suits labels −1 and 1, 0.5 labels 0 and 1 with probabilities. As
 * Mocha.
 *
 * <p>Gives the figure {@code <layer>-accuracy}, and {@code <layer>-error} = 1 − accuracy where it is asked for.
 *
 * @param threshold   default 0
 * @param reportError whether there is the error too, default false
 * @yaml {name: accuracy, type: BinaryAccuracy, threshold: 0.5, bottoms: [prob, label], phase: test}
 * @java Node.sink("accuracy", new BinaryAccuracy(0.5, null), "prob", "label").only(Phase.TEST)
 * @shape prob [100, 1], label [100]
 * @caffe none
 * @mocha BinaryAccuracyLayer: threshold, report_error
 */
public record BinaryAccuracy(Double threshold, Boolean reportError) implements Layer, Statistic {
    public BinaryAccuracy {
        threshold = or(threshold, 0.0);
        reportError = or(reportError, false);
        finite("threshold", threshold);
    }

    /** With threshold 0. */
    public BinaryAccuracy() {
        this(null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("BinaryAccuracy", inputs, "predictions", "labels");
        Losses.fitted(g, "BinaryAccuracy", inputs.get(0), inputs.get(1));
        g.statistic(this, inputs.toArray(Value[]::new));
        return List.of();
    }

    /** [correct, counted] elements of the valid samples. */
    @Override
    public Value sums(Graph g, List<Value> inputs, Value valid) {
        Value x = inputs.get(0);
        Value label = Losses.fitted(g, "BinaryAccuracy", x, inputs.get(1));
        Value counted = Ops.validMask(g, valid, x.spec());
        Value correct = Ops.select(g, Comparison.EQUAL, above(g, x), above(g, label), counted,
                Ops.fill(g, x.spec(), 0));
        return Figures.sums(g, Ops.sumAll(g, correct), Ops.sumAll(g, counted));
    }

    private Value above(Graph g, Value x) {
        Spec s = x.spec();
        return Ops.select(g, Comparison.LESS, Ops.fill(g, s, threshold), x, Ops.fill(g, s, 1), Ops.fill(g, s, 0));
    }

    @Override
    public List<Measurement> finish(double[] sums) {
        return Figures.accuracy(sums, reportError);
    }
}

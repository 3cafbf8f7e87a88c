package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Measurement;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Select;

/**
 * The fraction of places whose largest prediction is at the label, over all samples since the last reset: bottoms x [N,
 * C, …] and labels with as many elements as x without the class axis; no tops. The first maximum wins (Caffe counts a
 * tie with the label as wrong, so its figure can be lower); NaN counts as the maximum. A label that is no whole number
 * in 0 … C−1 stops the run, naming sample and value.
 *
 * <p>Gives the figure {@code <layer>-accuracy}, and {@code <layer>-error} = 1 − accuracy where it is asked for.
 *
 * @param axis        of the classes, default 1; negative counts from the last
 * @param reportError whether there is the error too, default false
 * @yaml {name: accuracy, type: Accuracy, bottoms: [ip2, label], phase: test}
 * @java Node.sink("accuracy", new Accuracy(), "ip2", "label").only(Phase.TEST)
 * @shape ip2 [100, 10], label [100]
 * @caffe Accuracy: axis
 * @mocha AccuracyLayer: report_error; dim is axis, counted from the other end
 */
public record Accuracy(Integer axis, Boolean reportError) implements Layer, Statistic {
    public Accuracy {
        axis = or(axis, 1);
        reportError = or(reportError, false);
    }

    /** With classes along axis 1. */
    public Accuracy() {
        this(null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect("Accuracy", inputs, "predictions", "labels");
        Labels.expect(inputs.get(0).shape(), axis, inputs.get(1).shape());
        g.statistic(this, inputs.toArray(Value[]::new));
        return List.of();
    }

    /** [correct, counted] places of the valid samples. */
    @Override
    public Value sums(Graph g, List<Value> inputs, Value valid) {
        Value x = inputs.get(0);
        int a = x.shape().axis(axis);
        Value label = Labels.checked(g, x, axis, inputs.get(1));
        Value best = Ops.argMax(g, x, a);
        Value counted = Ops.validMask(g, valid, best.spec());
        Value correct = Ops.select(g, Select.Comparison.EQUAL, best, label, counted, Ops.fill(g, best.spec(), 0));
        return Figures.sums(g, Ops.sumAll(g, correct), Ops.sumAll(g, counted));
    }

    @Override
    public List<Measurement> finish(double[] sums) {
        return Figures.accuracy(sums, reportError);
    }
}

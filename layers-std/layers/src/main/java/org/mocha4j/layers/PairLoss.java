package org.mocha4j.layers;

import java.util.List;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Measurement;
import org.mocha4j.api.Statistic;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Select.Comparison;

/**
 * A loss of two blobs of one size: a sum over the elements, divided by the number of samples. The same mean, without
 * the weight and over all samples since the last reset, is a statistic.
 */
interface PairLoss extends Layer, Statistic {
    /** Of the loss in the objective. */
    Double weight();

    /** What the bottoms are, for messages. */
    List<String> roles();

    /** The figure's name and how it is printed: {@code square-loss}, {@code Square-loss}. */
    List<String> figure();

    /** The loss of each element. */
    Value element(Graph g, Value x, Value y);

    private String type() {
        return getClass().getSimpleName();
    }

    private Value elements(Graph g, List<Value> in) {
        return element(g, in.get(0), Losses.fitted(g, type(), in.get(0), in.get(1)));
    }

    @Override
    default List<Value> build(Graph g, List<Value> inputs) {
        Bottoms.expect(type(), inputs, roles().toArray(String[]::new));
        Value each = elements(g, inputs);
        List<Value> tops = Losses.add(g, Losses.mean(g, type(), each, 1, each.shape().dim(0)), weight());
        g.statistic(this, inputs.toArray(Value[]::new));
        return tops;
    }

    /** [sum, samples] of the valid samples. */
    @Override
    default Value sums(Graph g, List<Value> inputs, Value valid) {
        Value each = elements(g, inputs);
        Value counted = Ops.select(g, Comparison.LESS, Ops.iota(g, each.spec(), 0),
                Ops.broadcast(g, valid, each.shape()),
                each, Ops.fill(g, each.spec(), 0));
        return Figures.sums(g, Ops.sumAll(g, counted), valid);
    }

    @Override
    default List<Measurement> finish(double[] sums) {
        return List.of(Figures.mean(figure().get(0), figure().get(1), sums));
    }
}

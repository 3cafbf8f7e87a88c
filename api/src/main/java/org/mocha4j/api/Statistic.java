package org.mocha4j.api;

import java.util.List;

/**
 * A figure over many batches, such as accuracy. The device computes sums of one batch; the runtime adds them up in
 * double, each sample once, and resets them.
 */
public interface Statistic {
    /**
     * Adds ops for the sums of one batch.
     *
     * @param valid rank 0: only the first {@code valid} samples count
     * @return a vector [n] of sums
     */
    Value sums(Graph g, List<Value> inputs, Value valid);

    /** The figures from the added sums; NaN where nothing was counted. */
    List<Measurement> finish(double[] sums);
}

package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;

import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * How much a place counts in a loss whose label is a class. Predictions [N, C, H, W] take weights [C], the same at all
 * places, [C, H, W], or [N, C, H, W]; other ranks and axes alike. Equal weights, scaled, are 1: the loss without
 * weights.
 *
 * @param weights   of each class [C], of each class at each place [C, H, W], or one per prediction [N, C, H, W];
 *                  finite, at least 0
 * @param normalize {@code LOCAL}, the default: the weights of a place are scaled to sum to C; {@code GLOBAL}: those of
 *                  a sample to the number of its predictions, C·H·W; {@code NO}: they are taken as they are
 */
public record ClassWeights(Array weights, Normalize normalize) {
    /** What weights are scaled to. */
    public enum Normalize { LOCAL, GLOBAL, NO }

    public ClassWeights {
        normalize = or(normalize, Normalize.LOCAL);
        require(weights != null, "weights", null, "a number per class where normalize is set");
        for (int i = 0; i < weights.elements(); i++) {
            double w = weights.at(i);
            require(Double.isFinite(w) && w >= 0, "weights[" + i + "]", w, "a finite number of at least 0");
        }
    }

    /** The scaled weights in the shape of the predictions. */
    Value of(Graph g, Value x, int axis) {
        int a = x.shape().axis(axis);
        Shape s = placed(x.shape(), a);
        double[] scaled = normalize == Normalize.NO ? weights.toDoubles() : scaled(s, a);
        return Ops.broadcast(g, g.constant(Array.of(s, scaled).as(g.type())), x.shape());
    }

    /** The shape of the weights with as many axes as the predictions. */
    private Shape placed(Shape x, int a) {
        Shape w = weights.shape();
        Shape one = x;
        for (int i = 0; i < x.rank(); i++) {
            one = i == a ? one : one.with(i, 1);
        }
        if (w.equals(Shape.of(x.dim(a)))) {
            return one;
        }
        if (a > 0 && w.equals(x.sub(1, x.rank()))) {
            return x.with(0, 1);
        }
        if (w.equals(x)) {
            return x;
        }
        throw new ShapeException("weights " + w + " do not fit predictions " + x + " with classes along axis " + a
                + "; expected: " + Shape.of(x.dim(a)) + ", " + x.sub(1, x.rank()) + " or " + x);
    }

    private double[] scaled(Shape s, int a) {
        double[] w = weights.toDoubles();
        int classes = s.dim(a);
        int inner = Math.toIntExact(s.product(a + 1, s.rank()));
        int sample = normalize == Normalize.LOCAL || a == 0 ? 0 : Math.toIntExact(s.product(1, s.rank()));
        double[] sums = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            sums[group(i, classes, inner, sample)] += w[i];
        }
        double target = sample == 0 ? classes : sample;
        for (int i = 0; i < w.length; i++) {
            double sum = sums[group(i, classes, inner, sample)];
            require(sum > 0, "the sum of weights", sum, "above 0 "
                    + (sample == 0 ? "at each place" : "in each sample"));
            w[i] *= target / sum;
        }
        return w;
    }

    /** The first element of those that are scaled together with an element. */
    private static int group(int i, int classes, int inner, int sample) {
        return sample == 0 ? i / (classes * inner) * classes * inner + i % inner : i / sample * sample;
    }
}

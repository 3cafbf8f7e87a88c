package org.mocha4j.transformers;

import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;

import java.util.Arrays;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Transformer;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Bias;
import org.mocha4j.api.ops.Ops;

/**
 * Subtracts a mean from each sample: y[n] = x[n] − mean. The mean has as many elements as one sample, in its order
 * ([C, H, W], or [1, C, H, W] as Mocha and Caffe store it), or one per channel ([C]), which is subtracted everywhere in
 * the channel. One that fits neither is a {@link org.mocha4j.api.ShapeException}. Mocha has the first form only.
 *
 * @param mean the mean; in files a list of numbers or an HDF5 file, whose data set {@code mean} is taken
 * @yaml {type: SubMean, mean: [104, 117, 123]}
 * @java new SubMean(Array.of(Shape.of(3), 104.0, 117, 123))
 * @caffe transform_param: mean_file or mean_value
 * @mocha DataTransformers.SubMean: mean_blob or mean_file is mean
 */
public record SubMean(Array mean) implements Transformer {
    public SubMean {
        require(mean != null, "mean", null, "a tensor: numbers or a file");
        for (int i = 0; i < mean.elements(); i++) {
            require(Double.isFinite(mean.at(i)), "mean", mean.at(i) + " at index " + i, "finite numbers");
        }
    }

    @Override
    public Value apply(Graph g, Value x) {
        Shape s = x.shape();
        shape(s.rank() > 0, "SubMean takes a batch with samples along axis 0, found a single number");
        long sample = s.product(1, s.rank());
        int channels = s.rank() > 1 ? s.dim(1) : 1;
        shape(mean.elements() == sample || mean.elements() == channels, "SubMean: a mean of " + mean.shape()
                + " does not fit samples of " + s.sub(1, s.rank()) + "; expected " + sample + " elements, or "
                + channels + ", one per channel");
        double[] negated = Arrays.stream(mean.toDoubles()).map(v -> -v).toArray();
        if (mean.elements() == sample) {
            Value m = g.constant(Array.of(s.with(0, 1), negated).as(x.type()));
            return Ops.add(g, x, Ops.broadcast(g, m, s));
        }
        return g.op(new Bias(1), x, g.constant(Array.of(Shape.of(channels), negated).as(x.type())));
    }
}

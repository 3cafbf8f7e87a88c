package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.positive;
import static org.mocha4j.api.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/**
 * The same elements in row-major order under another shape, with as many elements; one top per bottom. Either samples
 * become images, [N, …] → [N, channels, height, width], as in Mocha, or the whole shape is given, as in Caffe.
 *
 * @param width    default 1
 * @param height   default 1
 * @param channels default 1
 * @param shape    instead of these: all extents, samples first; 0 copies the bottom's extent of that axis, one −1 is
 *                 what remains
 * @yaml {name: image, type: Reshape, width: 28, height: 28, bottoms: [ip1], tops: [image]}
 * @java Node.of("image", new Reshape(28, 28, 1), "ip1")
 * @shape ip1 [64, 784]
 * @caffe Reshape: shape
 * @mocha ReshapeLayer: width, height, channels; in the final Mocha shape
 */
public record Reshape(Integer width, Integer height, Integer channels, List<Integer> shape) implements Layer {
    public Reshape {
        if (shape == null) {
            width = or(width, 1);
            height = or(height, 1);
            channels = or(channels, 1);
            positive("width", width);
            positive("height", height);
            positive("channels", channels);
        } else {
            require(width == null && height == null && channels == null, "shape", shape,
                    "null where width, height or channels is set");
            require(shape.stream().allMatch(d -> d >= -1) && shape.stream().filter(d -> d == -1).count() < 2, "shape",
                    shape, "extents, 0 to copy one, and at most one -1");
            shape = List.copyOf(shape);
        }
    }

    /** Samples of these extents. */
    public Reshape(int width, int height, int channels) {
        this(width, height, channels, null);
    }

    /** The whole shape. */
    public static Reshape to(Integer... shape) {
        return new Reshape(null, null, null, List.of(shape));
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> Ops.reshape(g, x, target(x.shape()))).toList();
    }

    private Shape target(Shape x) {
        if (shape == null) {
            Checks.shape(x.rank() > 0, "Reshape expects a batch with samples along axis 0, found a single number");
            return fit(x, Shape.of(x.dim(0), channels, height, width));
        }
        List<Integer> dims = new ArrayList<>(shape);
        for (int i = 0; i < dims.size(); i++) {
            if (dims.get(i) == 0) {
                Checks.shape(i < x.rank(), "Reshape: there is no axis " + i + " in " + x + " to copy for " + shape);
                dims.set(i, x.dim(i));
            }
        }
        int open = dims.indexOf(-1);
        if (open >= 0) {
            dims.set(open, 1);
            long others = Shape.of(dims).elements();
            Checks.shape(others > 0 && x.elements() % others == 0, "Reshape: the " + x.elements() + " elements of " + x
                    + " do not divide into " + shape);
            dims.set(open, Math.toIntExact(x.elements() / others));
        }
        return fit(x, Shape.of(dims));
    }

    private static Shape fit(Shape x, Shape to) {
        Checks.shape(x.elements() == to.elements(), "Reshape: " + x + " has " + x.elements() + " elements, " + to
                + " has " + to.elements() + "; expected: equally many");
        return to;
    }
}

package org.mocha4j.layers;

import static org.mocha4j.api.Checks.or;
import static org.mocha4j.api.Checks.require;
import static org.mocha4j.api.Checks.shape;
import static org.mocha4j.api.ops.Ops.add;
import static org.mocha4j.api.ops.Ops.affine;
import static org.mocha4j.api.ops.Ops.broadcast;
import static org.mocha4j.api.ops.Ops.fill;
import static org.mocha4j.api.ops.Ops.iota;
import static org.mocha4j.api.ops.Ops.select;
import static org.mocha4j.api.ops.Ops.slice;

import java.util.List;
import org.mocha4j.api.Distribution;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Gather;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.Select.Comparison;

/**
 * Cuts a box out of images: [N, C, H, W] → [N, C, height, width]; one top per bottom. The box lies in the middle, ⌊(H −
 * height)/2⌋ and ⌊(W − width)/2⌋ from the corner, or at a random place; it may be mirrored from left to right with
 * probability ½. What is drawn is drawn for each sample (Mocha: once per batch), new in each step, the same for all
 * bottoms, so that an image and a map of labels stay together. The gradient goes to what was cut out.
 *
 * <p>As Mocha, the layer draws wherever it stands, in the test phase too: give the drawing layer {@code phase: train}
 * and put one without {@code random} and {@code mirror} beside it with {@code phase: test}. (Caffe draws places in
 * training only, but mirrors in both phases.)
 *
 * @param size   of the box, width and height, at most the images'
 * @param random whether the place is drawn, each equally likely, default false
 * @param mirror whether to mirror at random, default false
 * @yaml {name: crop, type: Crop, size: 24, random: true, mirror: true, bottoms: [data], tops: [crop], phase: train}
 * @java Node.of("crop", new Crop(Size.of(24), true, true), "data").only(Phase.TRAIN)
 * @shape data [64, 3, 32, 32]
 * @caffe transform_param: crop_size, mirror
 * @mocha CropLayer: crop_size is size, random_crop random, random_mirror mirror
 */
public record Crop(Size size, Boolean random, Boolean mirror) implements Layer {
    public Crop {
        random = or(random, false);
        mirror = or(mirror, false);
        require(size != null, "size", null, "a number or [width, height]");
        require(size.w() > 0 && size.h() > 0, "size", size, "at least 1x1");
    }

    /** In the middle. */
    public Crop(Size size) {
        this(size, null, null);
    }

    @Override
    public List<Value> build(Graph g, List<Value> inputs) {
        return inputs.stream().map(x -> crop(g, x)).toList();
    }

    private Value crop(Graph g, Value x) {
        Shape s = x.shape();
        shape(s.rank() == 4, "Crop expects images [N, C, H, W], found " + s);
        int down = s.dim(2) - size.h();
        int across = s.dim(3) - size.w();
        shape(down >= 0 && across >= 0, "Crop: a box of " + size + " does not fit into images of " + s.dim(3) + "x"
                + s.dim(2));
        Value rows = random ? take(g, x, 2, places(g, x, "y", down, size.h())) : slice(g, x, 2, down / 2, size.h());
        if (!random && !mirror) {
            return slice(g, rows, 3, across / 2, size.w());
        }
        return take(g, rows, 3, places(g, x, "x", across, size.w()));
    }

    /** For each sample the places of an axis that are kept, in their new order: [N, n]. */
    private Value places(Graph g, Value x, String name, int range, int n) {
        Spec spec = x.spec().with(Shape.of(x.shape().dim(0), n));
        Value place = iota(g, spec, 1);
        if (mirror && name.equals("x")) {
            Value u = broadcast(g, uniform(g, "mirror", spec), spec.shape());
            place = select(g, Comparison.LESS, u, fill(g, spec, 0.5), affine(g, place, -1, n - 1), place);
        }
        return random && range > 0 ? add(g, place, broadcast(g, drawn(g, name, spec, range), spec.shape()))
                : affine(g, place, 1, range / 2);
    }

    private static Value uniform(Graph g, String name, Spec spec) {
        return g.random(name, Distribution.uniform(), spec.shape().with(1, 1));
    }

    /** 0 … range, equally likely, [N, 1]: how many of the numbers 1 … range are at most u · (range + 1). */
    private static Value drawn(Graph g, String name, Spec spec, int range) {
        Spec all = spec.with(spec.shape().with(1, range));
        Value u = broadcast(g, affine(g, uniform(g, name, spec), range + 1, 0), all.shape());
        Value reached = select(g, Comparison.LESS_OR_EQUAL, affine(g, iota(g, all, 1), 1, 1), u, fill(g, all, 1),
                fill(g, all, 0));
        return Ops.sum(g, reached, List.of(1));
    }

    /** Of each sample the places of an axis that an index [N, n] names. */
    private static Value take(Graph g, Value x, int axis, Value index) {
        Integer[] swap = axis == 2 ? new Integer[] {0, 2, 1, 3} : new Integer[] {0, 3, 2, 1};
        Value t = Ops.transpose(g, x, swap);
        Shape s = t.shape();
        Value rows = Ops.reshape(g, t, Shape.of(Math.multiplyExact(s.dim(0), s.dim(1)), s.dim(2), s.dim(3)));
        Value row = add(g, index, affine(g, iota(g, index.spec(), 0), s.dim(1), 0));
        return Ops.transpose(g, g.op(new Gather(), rows, row), swap);
    }
}

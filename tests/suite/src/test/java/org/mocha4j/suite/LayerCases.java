package org.mocha4j.suite;

import static org.mocha4j.testkit.Values.between;
import static org.mocha4j.testkit.Values.distinct;
import static org.mocha4j.testkit.Values.whole;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Size;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.layers.Argmax;
import org.mocha4j.layers.BinaryCrossEntropyLoss;
import org.mocha4j.layers.ChannelPooling;
import org.mocha4j.layers.ClassWeights;
import org.mocha4j.layers.ClassWeights.Normalize;
import org.mocha4j.layers.Crop;
import org.mocha4j.layers.ElementWise;
import org.mocha4j.layers.GaussianKLLoss;
import org.mocha4j.layers.HingeLoss;
import org.mocha4j.layers.Identity;
import org.mocha4j.layers.Index2Onehot;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.Margin;
import org.mocha4j.layers.MultinomialLogisticLoss;
import org.mocha4j.layers.Power;
import org.mocha4j.layers.RandomMask;
import org.mocha4j.layers.Reshape;
import org.mocha4j.layers.SoftlabelSoftmaxLoss;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.layers.SquareLoss;
import org.mocha4j.layers.WassersteinLoss;
import org.mocha4j.testkit.LayerCase;

/** Layers with bottoms of awkward sizes, for the tests of all backends. */
final class LayerCases {
    private LayerCases() {
    }

    static List<LayerCase> computations() {
        List<LayerCase> c = new ArrayList<>(List.of(
                LayerCase.of(new Argmax(), distinct(1, 3, 13)),
                LayerCase.of(new Argmax(-1), distinct(1, 2, 3, 5), distinct(2, 7)).tops(2),
                LayerCase.of(new ChannelPooling(null, null, null, null, null), distinct(1, 2, 3)),
                LayerCase.of(new ChannelPooling(3, 2, Kind.MAX), distinct(1, 2, 8, 3)),
                LayerCase.of(new ChannelPooling(3, 2, new Margin(0, 2), Kind.MAX, null), distinct(1, 2, 7, 2, 3)),
                LayerCase.of(new ChannelPooling(3, 1, new Margin(2, 0), Kind.MEAN, -1), distinct(1, 2, 3, 5)),
                LayerCase.of(new ChannelPooling(4, 3, new Margin(1, 3), Kind.MEAN, null), distinct(1, 1, 13),
                        distinct(2, 3, 2, 2)).tops(2),
                LayerCase.of(new Crop(new Size(3, 2)), distinct(1, 2, 3, 5, 4)),
                LayerCase.of(new Crop(new Size(3, 2), true, true), distinct(1, 7, 1, 5, 8)),
                LayerCase.of(new Crop(new Size(3, 3), true, false), distinct(1, 3, 2, 4, 3), distinct(2, 3, 1, 3, 5))
                        .tops(2),
                LayerCase.of(new Crop(new Size(4, 1), false, true), distinct(1, 5, 2, 3, 4)),
                LayerCase.of(new Power(2.0, -0.5, 0.3), distinct(1, 3, 7), distinct(2, 13)).tops(2),
                LayerCase.of(new Power(0.5, 1.0, 4.0), distinct(1, 2, 3, 3, 1)),
                LayerCase.of(new Power(null, 2.0, null), distinct(1, 8)),
                LayerCase.of(new Reshape(3, 1, 7), distinct(1, 2, 21)),
                LayerCase.of(Reshape.to(-1, 0), distinct(1, 2, 5, 3), distinct(2, 1, 5)).tops(2)));
        c.addAll(List.of(
                LayerCase.of(new InnerProduct(3, null, null, null, -1), distinct(1, 2, 3, 5)),
                LayerCase.of(new InnerProduct(2, null, null, false, 2), distinct(1, 3, 1, 2, 2)),
                LayerCase.of(new Identity(), distinct(1, 3, 7), distinct(2, 13)).tops(2),
                LayerCase.of(new RandomMask(null), distinct(1, 3, 13)),
                LayerCase.of(new RandomMask(0.2), distinct(1, 2, 3, 4, 4), distinct(2, 7)).tops(2),
                LayerCase.of(new Index2Onehot(5), whole(5, 1, 7)).smooth(new Integer[0]),
                LayerCase.of(new Index2Onehot(3, -1), whole(3, 1, 2, 5, 1), whole(3, 2, 3, 1)).smooth(new Integer[0])
                        .tops(2)));
        for (ElementWise.Operation o : ElementWise.Operation.values()) {
            c.add(LayerCase.of(new ElementWise(o), distinct(1, 2, 5, 3), between(0.5, 2, 2, 2, 5, 3)));
        }
        return c;
    }

    static List<LayerCase> losses() {
        Array labels = whole(3, 1, 2, 1, 2, 5);
        List<LayerCase> c = new ArrayList<>(List.of(
                LayerCase.of(new MultinomialLogisticLoss(), between(0.1, 0.9, 1, 8, 5), whole(5, 1, 8)).smooth(0)
                        .tops(0),
                LayerCase.of(new MultinomialLogisticLoss(-1, 0.3, null), between(0.1, 0.9, 1, 2, 3, 7),
                        whole(7, 1, 2, 3))
                        .smooth(0).tops(1)));
        for (Normalize n : Normalize.values()) {
            for (Array w : List.of(between(0.2, 2, 3, 3), between(0.2, 2, 3, 3, 2, 5),
                    between(0.2, 2, 3, 2, 3, 2, 5))) {
                ClassWeights weights = new ClassWeights(w, n);
                c.add(LayerCase.of(new SoftmaxLoss(1, 2.0, weights), distinct(1, 2, 3, 2, 5), labels).smooth(0)
                        .tops(0));
                c.add(LayerCase.of(new MultinomialLogisticLoss(1, 0.5, weights), between(0.1, 0.9, 1, 2, 3, 2, 5),
                        labels)
                        .smooth(0).tops(1));
            }
        }
        c.addAll(smoothOnBothSides());
        return c;
    }

    /** Losses with a gradient for both bottoms, each also with one that only the second bottom needs. */
    private static List<LayerCase> smoothOnBothSides() {
        List<LayerCase> c = new ArrayList<>();
        Array targets = between(0, 1, 2, 3, 7);
        for (LayerCase l : List.of(
                LayerCase.of(new SquareLoss(), distinct(1, 3, 7), targets).tops(0),
                LayerCase.of(new SquareLoss(0.3), distinct(1, 3, 1), distinct(2, 3)),
                LayerCase.of(new BinaryCrossEntropyLoss(), between(0.1, 0.9, 1, 3, 7), targets).tops(0),
                LayerCase.of(new BinaryCrossEntropyLoss(2.0), between(0.1, 0.9, 1, 2, 3, 2), between(0, 1, 2, 2, 6)),
                LayerCase.of(new HingeLoss(), between(0.2, 2, 1, 3, 7), distinct(2, 3, 7)).tops(0),
                LayerCase.of(new HingeLoss(0.5), distinct(1, 5, 2, 2), distinct(2, 5, 2, 2)),
                LayerCase.of(new WassersteinLoss(between(0, 1, 3, 3, 4), 3, 5, null), between(0.2, 1, 1, 2, 3),
                        between(0.2, 1, 2, 2, 4)).tops(0),
                LayerCase.of(new GaussianKLLoss(), distinct(1, 3, 7), between(0.2, 2, 2, 3, 7)).tops(0),
                LayerCase.of(new GaussianKLLoss(0.5), distinct(1, 2, 3), between(0.2, 2, 2, 2, 3)),
                LayerCase.of(new SoftlabelSoftmaxLoss(), distinct(1, 3, 7), targets).tops(0),
                LayerCase.of(new SoftlabelSoftmaxLoss(-1, 3.0), distinct(1, 2, 3, 5), between(0, 1, 2, 2, 3, 5)))) {
            c.add(l);
            c.add(l.smooth(1));
        }
        return c;
    }
}

package org.mocha4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.layers.LayersTest.assertMessage;
import static org.mocha4j.layers.LayersTest.assertShape;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.layers.ClassWeights.Normalize;

/** Defaults, tops and messages of losses and statistics. */
class LossesTest {
    private final ShapeGraph none = new ShapeGraph(Phase.TRAIN, 0);
    private final ShapeGraph one = new ShapeGraph(Phase.TRAIN, 1);

    private static List<Value> inputs(ShapeGraph g, int[]... bottoms) {
        return Arrays.stream(bottoms).map(g::input).toList();
    }

    private void refuses(String text, Layer layer, int[]... bottoms) {
        assertShape(text, () -> layer.build(none, inputs(none, bottoms)));
    }

    private static int[] d(int... dims) {
        return dims;
    }

    private static ClassWeights weights(double... w) {
        return new ClassWeights(Array.of(Shape.of(w.length), w), null);
    }

    /** No top, or the loss; its weight is the objective's. */
    private void isLoss(Layer layer, double weight, int[]... bottoms) {
        assertEquals(List.of(), layer.build(none, inputs(none, bottoms)));
        assertTrue(none.log.contains("loss " + weight), none.log.toString());
        List<Value> tops = layer.build(one, inputs(one, bottoms));
        assertEquals(List.of(Shape.SCALAR), tops.stream().map(Value::shape).toList());
    }

    @Test
    void lossesOfLabels() {
        isLoss(new MultinomialLogisticLoss(), 1, d(4, 10), d(4));
        isLoss(new MultinomialLogisticLoss(1, 0.5, weights(1, 2, 3)), 0.5, d(4, 3, 2, 5), d(4, 1, 2, 5));
        isLoss(new SoftmaxLoss(-1, 2.0, weights(1, 2)), 2, d(4, 3, 2), d(4, 3));
        assertEquals(new MultinomialLogisticLoss(1, 1.0, null), new MultinomialLogisticLoss());
        assertEquals(Normalize.LOCAL, weights(1).normalize());
    }

    @Test
    void lossesOfLabelsNameWhatDoesNotFit() {
        assertMessage("weight is NaN; expected: a finite number", () -> new MultinomialLogisticLoss(1, Double.NaN, null));
        assertMessage("MultinomialLogisticLoss has 1 bottoms; expected: 2 (probabilities, labels)",
                () -> new MultinomialLogisticLoss().build(none, inputs(none, d(3, 2))));
        String text = "labels [3] do not fit predictions [4, 10] with classes along axis 1: one label per sample and place"
                + " is expected";
        refuses(text, new MultinomialLogisticLoss(), d(4, 10), d(3));
        refuses(text, new SoftmaxLoss(null, null, weights(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1})), d(4, 10), d(3));
        refuses("axis 1 does not exist in shape [4] of rank 1", new MultinomialLogisticLoss(), d(4), d(4));
        refuses("MultinomialLogisticLoss of an empty batch [0, 1]", new MultinomialLogisticLoss(), d(0, 3), d(0));
    }

    @Test
    void classWeightsNameWhatDoesNotFit() {
        assertMessage("weights is null; expected: a number per class where normalize is set",
                () -> new ClassWeights(null, Normalize.NO));
        assertMessage("weights[1] is -2.0; expected: a finite number of at least 0", () -> weights(1, -2));
        assertMessage("weights[0] is NaN; expected: a finite number of at least 0", () -> weights(Double.NaN));
        refuses("weights [2] do not fit predictions [4, 3, 2, 5] with classes along axis 1; expected: [3], [3, 2, 5] or"
                + " [4, 3, 2, 5]", new SoftmaxLoss(1, 1.0, weights(1, 2)), d(4, 3, 2, 5), d(4, 2, 5));
        assertMessage("the sum of weights is 0.0; expected: above 0 at each place",
                () -> new SoftmaxLoss(1, 1.0, weights(0, 0)).build(none, inputs(none, d(4, 2), d(4))));
        assertMessage("the sum of weights is 0.0; expected: above 0 in each sample",
                () -> new SoftmaxLoss(1, 1.0, new ClassWeights(Array.of(Shape.of(2), 0.0, 0), Normalize.GLOBAL)).build(none,
                        inputs(none, d(4, 2), d(4))));
    }
}

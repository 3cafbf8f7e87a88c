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
import org.mocha4j.api.Measurement;
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
        assertMessage("weight is NaN; expected: a finite number", () ->
                new MultinomialLogisticLoss(1, Double.NaN, null));
        assertMessage("MultinomialLogisticLoss has 1 bottoms; expected: 2 (probabilities, labels)",
                () -> new MultinomialLogisticLoss().build(none, inputs(none, d(3, 2))));
        String text = "labels [3] do not fit predictions [4, 10] with classes along axis 1: one label per sample and"
                + " place is expected";
        refuses(text, new MultinomialLogisticLoss(), d(4, 10), d(3));
        refuses(text, new SoftmaxLoss(null, null, weights(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1})), d(4, 10),
                d(3));
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
                () -> new SoftmaxLoss(1, 1.0, new ClassWeights(Array.of(Shape.of(2), 0.0, 0), Normalize.GLOBAL))
                        .build(none, inputs(none, d(4, 2), d(4))));
    }

    @Test
    void lossesOfTwoBlobs() {
        isLoss(new SquareLoss(0.5), 0.5, d(4, 3), d(4, 3));
        isLoss(new HingeLoss(2.0), 2, d(4), d(4, 1));
        isLoss(new BinaryCrossEntropyLoss(3.0), 3, d(4, 3, 2), d(4, 6));
        isLoss(new GaussianKLLoss(0.1), 0.1, d(4, 3), d(4, 3));
        isLoss(new SoftlabelSoftmaxLoss(null, 0.7), 0.7, d(4, 3, 2), d(4, 3, 2));
        assertEquals(List.of(new SquareLoss(1.0), new HingeLoss(1.0), new BinaryCrossEntropyLoss(1.0),
                new GaussianKLLoss(1.0),
                new SoftlabelSoftmaxLoss(1, 1.0)), List.of(new SquareLoss(), new HingeLoss(),
                        new BinaryCrossEntropyLoss(),
                new GaussianKLLoss(), new SoftlabelSoftmaxLoss()));
        assertEquals(4, one.log.stream().filter("statistic [2]"::equals).count());
    }

    @Test
    void lossesOfTwoBlobsNameWhatDoesNotFit() {
        for (Layer l : List.of(new SquareLoss(), new HingeLoss(), new BinaryCrossEntropyLoss(), new GaussianKLLoss())) {
            String name = l.getClass().getSimpleName();
            String fit = name + " expects two bottoms with as many samples and elements, found ";
            refuses(fit + "[4, 3] and [4, 2]", l, d(4, 3), d(4, 2));
            refuses(fit + "[4, 3] and [3, 4]", l, d(4, 3), d(3, 4));
            refuses(fit + "[] and [1]", l, d(), d(1));
            refuses(name + " of an empty batch [0, 3]", l, d(0, 3), d(0, 3));
        }
        refuses("SoftlabelSoftmaxLoss expects two bottoms of one shape, found [4, 3] and [4, 1]",
                new SoftlabelSoftmaxLoss(),
                d(4, 3), d(4, 1));
        refuses("axis 2 does not exist in shape [4, 3] of rank 2", new SoftlabelSoftmaxLoss(2, null), d(4, 3), d(4, 3));
        assertMessage("HingeLoss has 1 bottoms; expected: 2 (predictions, labels)",
                () -> new HingeLoss().build(none, inputs(none, d(3))));
        assertMessage("SquareLoss has 3 bottoms; expected: 2 (predictions, targets)",
                () -> new SquareLoss().build(none, inputs(none, d(3), d(3), d(3))));
        assertMessage("BinaryCrossEntropyLoss has 0 bottoms; expected: 2 (probabilities, targets)",
                () -> new BinaryCrossEntropyLoss().build(none, List.of()));
        assertMessage("GaussianKLLoss has 1 bottoms; expected: 2 (means, deviations)",
                () -> new GaussianKLLoss().build(none, inputs(none, d(3))));
        assertMessage("SoftlabelSoftmaxLoss has 1 bottoms; expected: 2 (predictions, distributions)",
                () -> new SoftlabelSoftmaxLoss().build(none, inputs(none, d(3))));
        String finite = "weight is NaN; expected: a finite number";
        assertMessage(finite, () -> new SquareLoss(Double.NaN));
        assertMessage(finite, () -> new HingeLoss(Double.NaN));
        assertMessage(finite, () -> new BinaryCrossEntropyLoss(Double.NaN));
        assertMessage(finite, () -> new GaussianKLLoss(Double.NaN));
        assertMessage(finite, () -> new SoftlabelSoftmaxLoss(1, Double.NaN));
    }

    @Test
    void wassersteinLoss() {
        Array costs = Array.of(Shape.of(2, 3), 0.0, 1, 2, 1, 0, 1);
        isLoss(new WassersteinLoss(costs, 5, null, 0.5), 0.5, d(4, 2), d(4, 3, 1));
        assertEquals(new WassersteinLoss(costs, 5, 50, 1.0), new WassersteinLoss(costs, 5, null, null));
        refuses("WassersteinLoss: predictions [4, 3] and labels [4, 3] do not fit a metric [2, 3]",
                new WassersteinLoss(costs, 5, 1, null), d(4, 3), d(4, 3));
        refuses("WassersteinLoss: predictions [4, 2] and labels [5, 3] do not fit a metric [2, 3]",
                new WassersteinLoss(costs, 5, 1, null), d(4, 2), d(5, 3));
        assertMessage("metric is null; expected: costs of shape [predictions, labels]",
                () -> new WassersteinLoss(null, 1, null, null));
        assertMessage("metric is [2]; expected: costs of shape [predictions, labels]",
                () -> new WassersteinLoss(Array.of(Shape.of(2), 0.0, 1), 1, null, null));
        assertMessage("metric is -1.0; expected: finite numbers of at least 0",
                () -> new WassersteinLoss(Array.of(Shape.of(1, 1), -1.0), 1, null, null));
        assertMessage("lambda is 0.0; expected: a finite number above 0", () ->
                new WassersteinLoss(costs, 0, null, null));
        assertMessage("iterations is 0; expected: at least 1", () -> new WassersteinLoss(costs, 1, 0, null));
        assertMessage("weight is NaN; expected: a finite number", () -> new WassersteinLoss(costs, 1, 1, Double.NaN));
        assertMessage("WassersteinLoss has 1 bottoms; expected: 2 (predictions, labels)",
                () -> new WassersteinLoss(costs, 5, null, null).build(none, inputs(none, d(4, 2))));
    }

    @Test
    void binaryAccuracy() {
        assertEquals(new BinaryAccuracy(0.0, false), new BinaryAccuracy());
        assertEquals(List.of(), new BinaryAccuracy().build(none, inputs(none, d(4, 3), d(4, 3, 1))));
        assertEquals("statistic [2]", none.log.get(none.log.size() - 1));
        refuses("BinaryAccuracy expects two bottoms with as many samples and elements, found [4] and [4, 2]",
                new BinaryAccuracy(), d(4), d(4, 2));
        assertMessage("threshold is NaN; expected: a finite number", () -> new BinaryAccuracy(Double.NaN, null));
        assertMessage("BinaryAccuracy has 1 bottoms; expected: 2 (predictions, labels)",
                () -> new BinaryAccuracy().build(none, inputs(none, d(3))));
    }

    @Test
    void figuresAreNamedAndReadAsInMocha() {
        assertEquals(List.of(new Measurement("accuracy", 0.75, "Accuracy (avg over 4) = 75.0000%")),
                new BinaryAccuracy().finish(new double[] {3, 4}));
        List<Measurement> both = List.of(new Measurement("accuracy", 0.75, "Accuracy (avg over 4) = 75.0000%"),
                new Measurement("error", 0.25, "Error (avg over 4) = 25.0000%"));
        assertEquals(both, new BinaryAccuracy(null, true).finish(new double[] {3, 4}));
        assertEquals(both, new Accuracy(null, true).finish(new double[] {3, 4}));
        assertEquals(List.of(new Measurement("square-loss", 1.5, "Square-loss (avg over 4) = 1.5000")),
                new SquareLoss().finish(new double[] {6, 4}));
        assertEquals(List.of(new Measurement("hinge-loss", 0.5, "Hinge-loss (avg over 2) = 0.5000")),
                new HingeLoss().finish(new double[] {1, 2}));
        assertEquals("binary-cross-entropy-loss", new BinaryCrossEntropyLoss().finish(new double[] {1, 2}).get(0)
                .name());
        assertEquals("encoder-loss", new GaussianKLLoss().finish(new double[] {1, 2}).get(0).name());
        assertTrue(Double.isNaN(new HingeLoss().finish(new double[] {0, 0}).get(0).value()));
    }

    @Test
    void classWeightsAreScaledLocallyUnlessSaid() {
        assertEquals(Normalize.LOCAL, new ClassWeights(Array.of(Shape.of(2), 1.0, 2), null).normalize());
    }
}

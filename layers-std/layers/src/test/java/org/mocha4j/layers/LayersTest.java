package org.mocha4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Size;
import org.mocha4j.api.Sink;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.LRN.Mode;
import org.mocha4j.api.ops.Pooling.Divisor;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.api.ops.Pooling.Rounding;
import org.mocha4j.initializers.Constant;
import org.mocha4j.initializers.Gaussian;
import org.mocha4j.initializers.Xavier;
import org.mocha4j.regularizers.L2;
import org.mocha4j.regularizers.No;

class LayersTest {
    private final ShapeGraph train = new ShapeGraph(Phase.TRAIN, 1);
    private final ShapeGraph test = new ShapeGraph(Phase.TEST, 1);

    @Test
    void convolutionLearnsFilterAndBiasWithTheCustomaryDefaults() {
        Layer conv = new Convolution(20, new Window(new Size(5, 3), null, null, null), 2, null, null, null);
        assertEquals(Shape.of(64, 20, 26, 24), shape(train, conv, train.input(64, 6, 28, 28)));
        assertEquals(Map.of("filter", Shape.of(20, 3, 3, 5), "bias", Shape.of(20)), train.parameters);
        assertEquals(new Param(new Xavier(), new L2(1.0), null, 1.0), train.params.get("filter"));
        assertEquals(new Param(new Constant(0.0), new No(), null, 2.0), train.params.get("bias"));
    }

    @Test
    void convolutionWithoutBiasHasNone() {
        shape(train, new Convolution(2, Window.of(1), null, null, null, false), train.input(1, 1, 1, 1));
        assertEquals(Map.of("filter", Shape.of(2, 1, 1, 1)), train.parameters);
    }

    @Test
    void whatAParamSetsReplacesThatDefaultOnly() {
        Param gaussian = new Param(new Gaussian(0.0, 0.1), null, null, null);
        Convolution c = new Convolution(2, Window.of(1), null, gaussian, null, null);
        assertEquals(new Param(new Gaussian(0.0, 0.1), new L2(1.0), null, 1.0), c.filter());
    }

    @Test
    void severalBottomsShareTheParameters() {
        Value x = train.input(2, 3, 4, 4);
        assertEquals(2, new InnerProduct(5).build(train, List.of(x, x)).size());
        assertEquals(Map.of("weight", Shape.of(5, 48), "bias", Shape.of(5)), train.parameters);
    }

    @Test
    void innerProductTakesAllAxesButTheFirstAsOne() {
        assertEquals(Shape.of(7, 5), shape(train, new InnerProduct(5), train.input(7, 3, 2, 2)));
        assertEquals(Shape.of(7, 5), shape(train, new InnerProduct(5, null, null, false), train.input(7)));
    }

    @Test
    void poolingDefaults() {
        Pooling p = new Pooling(Window.of(3, 2));
        assertEquals(new Pooling(Window.of(3, 2), Kind.MAX, Divisor.KERNEL, Rounding.CEIL), p);
        assertEquals(Shape.of(1, 2, 8, 8), shape(train, p, train.input(1, 2, 16, 16)));
    }

    @Test
    void lrnDefaultsAndShapes() {
        assertEquals(new LRN(5, 1.0, 1.0, 0.75, Mode.ACROSS_CHANNEL), new LRN());
        assertEquals(Shape.of(2, 3, 4, 5), shape(train, new LRN(), train.input(2, 3, 4, 5)));
        assertEquals(Shape.of(2, 3), shape(test, new LRN(2, null, null, null, null), test.input(2, 3)));
        assertEquals(List.of("LRN"), test.log);
        assertMessage("kernel is 0; expected: at least 1", () -> new LRN(0, null, null, null, null));
        assertMessage("shift is NaN; expected: a finite number", () -> new LRN(3, null, Double.NaN, null, null));
        assertShape("LRN within a channel expects images [N, C, H, W], found [2, 3]", () -> new LRN(3, null, null, null,
                Mode.WITHIN_CHANNEL).build(train, List.of(train.input(2, 3))));
        assertShape("LRN across channels expects [N, C, …], found [2]",
                () -> new LRN().build(train, List.of(train.input(2))));
    }

    @Test
    void dropoutIsTheIdentityInTestAndDrawsOneMaskPerBottomInTraining() {
        Value x = test.input(2, 3);
        assertSame(x, new Dropout(null).build(test, List.of(x)).get(0));
        new Dropout(0.3).build(train, List.of(x, x));
        assertEquals(List.of("random mask0", "Dropout", "random mask1", "Dropout"), train.log);
    }

    @Test
    void batchNormFollowsTheBatchInTrainingOnly() {
        assertEquals(Shape.of(4, 3, 5, 5), shape(train, new BatchNorm(), train.input(4, 3, 5, 5)));
        assertEquals(2, train.log.stream().filter("assign"::equals).count());
        assertEquals(Map.of("scale", Shape.of(3), "shift", Shape.of(3)), train.parameters);
        assertEquals(new Param(new Constant(1.0), new No(), null, 1.0), train.params.get("scale"));
        assertEquals(Shape.of(4, 3), shape(test, new BatchNorm(null, null, false), test.input(4, 3)));
        assertFalse(test.log.contains("assign") || test.log.contains("BatchNorm"));
        assertTrue(test.log.contains("state variance Constant[value=1.0]"), test.log.toString());
        assertEquals(Map.of(), test.parameters);
    }

    @Test
    void lossAndStatistic() {
        Value x = train.input(4, 10);
        assertEquals(Shape.SCALAR, new SoftmaxLoss(null, 0.5).build(train, List.of(x, train.input(4))).get(0).shape());
        assertTrue(train.log.contains("loss 0.5"));
        ShapeGraph none = new ShapeGraph(Phase.TEST, 0);
        assertEquals(List.of(), new SoftmaxLoss().build(none, List.of(x, none.input(4, 1))));
        assertEquals(List.of(), new Accuracy().build(none, List.of(x, none.input(4, 1))));
        assertTrue(none.log.contains("statistic [2]"), none.log.toString());
    }

    @Test
    void accuracyReadsAsInTheTutorial() {
        var m = new Accuracy().finish(new double[] {9605, 10000}).get(0);
        assertEquals("accuracy", m.name());
        assertEquals(0.9605, m.value());
        assertEquals("Accuracy (avg over 10000) = 96.0500%", m.text());
        assertTrue(Double.isNaN(new Accuracy().finish(new double[] {0, 0}).get(0).value()));
    }

    @Test
    void splitConcatAndMemoryOutput() {
        Value x = train.input(2, 3);
        assertEquals(List.of(x, x, x), new Split().build(new ShapeGraph(Phase.TRAIN, 3), List.of(x)));
        assertEquals(Shape.of(2, 8), new Concat().build(train, List.of(x, train.input(2, 5))).get(0).shape());
        assertEquals(Shape.of(4, 3), new Concat(-2).build(train, List.of(x, x)).get(0).shape());
        assertEquals(List.of(), new MemoryOutput().build(train, List.of(x, x)));
        assertTrue(train.log.contains("sink 2"));
    }

    @Test
    void recordingKeepsTheValidSamples() {
        Recording r = new MemoryOutput().open(new Sink.Context("out", Path.of(""), List.of("x"),
                List.of(Spec.of(DataType.FLOAT32, 2, 2))));
        HostTensor t = HostTensor.wrap(Spec.of(DataType.FLOAT32, 2, 2), new float[] {1, 2, 3, 4});
        r.write(List.of(t), 2);
        t.fill(9);
        r.write(List.of(t), 1);
        assertEquals(List.of(Shape.of(2, 2), Shape.of(1, 2)), r.batches(0).stream().map(a -> a.shape()).toList());
        assertEquals(org.mocha4j.api.Array.of(Shape.of(3, 2), 1f, 2f, 3f, 4f, 9f, 9f), r.all(0));
        r.clear();
        assertThrows(IllegalStateException.class, () -> r.all(0));
    }

    @Test
    void wrongFieldsAndShapesAreNamed() {
        assertMessage("filters is 0; expected: at least 1", () -> new Convolution(0, Window.of(1)));
        assertMessage("filters is 3; expected: a multiple of groups, 2",
                () -> new Convolution(3, Window.of(1), 2, null, null, null));
        assertMessage("kernel is null; expected: a number or [width, height]", () -> new Pooling(null));
        assertMessage("pad is 2x2; expected: less than the kernel 2x2", () -> new Pooling(Window.of(2, 1, 2)));
        assertMessage("ratio is 1.0; expected: at least 0 and below 1", () -> new Dropout(1.0));
        assertMessage("momentum is 1.5; expected: at least 0 and at most 1", () -> new BatchNorm(null, 1.5, null));
        assertMessage("SoftmaxLoss has 1 bottoms; expected: 2 (predictions, labels)",
                () -> new SoftmaxLoss().build(train, List.of(train.input(2, 3))));
        assertShape("Convolution expects images [N, C, H, W], found [4, 10]",
                () -> new Convolution(1, Window.of(1)).build(train, List.of(train.input(4, 10))));
        assertShape("Convolution: 3 channels of [1, 3, 2, 2] do not divide into 2 groups", () -> new Convolution(2,
                Window.of(1), 2, null, null, null).build(train, List.of(train.input(1, 3, 2, 2))));
        assertShape("labels [3] do not fit predictions [4, 10] with classes along axis 1: one label per "
                + "sample and place is expected", () -> new Accuracy()
                        .build(test, List.of(test.input(4, 10), test.input(3))));
        assertShape("BatchNorm needs more than one value per channel to train, found [1, 3]",
                () -> new BatchNorm().build(train, List.of(train.input(1, 3))));
    }

    private static Shape shape(ShapeGraph g, Layer layer, Value x) {
        return layer.build(g, List.of(x)).get(0).shape();
    }

    static void assertMessage(String text, org.junit.jupiter.api.function.Executable e) {
        assertEquals(text, assertThrows(ConfigurationException.class, e).getMessage());
    }

    static void assertShape(String text, org.junit.jupiter.api.function.Executable e) {
        assertEquals(text, assertThrows(ShapeException.class, e).getMessage());
    }
}

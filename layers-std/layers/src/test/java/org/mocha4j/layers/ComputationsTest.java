package org.mocha4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mocha4j.layers.LayersTest.assertMessage;
import static org.mocha4j.layers.LayersTest.assertShape;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Pooling.Kind;

/** Defaults, shapes and messages of layers that only compute. */
class ComputationsTest {
    private final ShapeGraph train = new ShapeGraph(Phase.TRAIN, 1);

    private Shape shape(Layer layer, int... dims) {
        return layer.build(train, List.of(train.input(dims))).get(0).shape();
    }

    private void refuses(String text, Layer layer, int[]... bottoms) {
        List<Value> in = Arrays.stream(bottoms).map(train::input).toList();
        assertShape(text, () -> layer.build(train, in));
    }

    @Test
    void argmax() {
        assertEquals(new Argmax(1), new Argmax());
        assertEquals(Shape.of(4, 1, 2, 3), shape(new Argmax(), 4, 7, 2, 3));
        assertEquals(Shape.of(4, 7, 1), shape(new Argmax(-1), 4, 7, 2));
        refuses("axis 1 does not exist in shape [4] of rank 1", new Argmax(), new int[] {4});
        refuses("ARG_MAX of nothing: axis 1 of [4, 0] is empty", new Argmax(), new int[] {4, 0});
    }

    @Test
    void channelPoolingDefaultsAreTheGuides() {
        assertEquals(new ChannelPooling(1, 1, new Margin(0, 0), Kind.MAX, 1),
                new ChannelPooling(null, null, null, null, null));
    }

    @Test
    void channelPoolingRoundsUpAndDropsAWindowThatBeginsBeyondTheChannels() {
        assertEquals(Shape.of(2, 4, 5, 3), shape(new ChannelPooling(3, 2, Kind.MAX), 2, 8, 5, 3));
        assertEquals(Shape.of(2, 4, 5), shape(new ChannelPooling(2, 2, new Margin(1, 0), Kind.MEAN, null), 2, 7, 5));
        assertEquals(Shape.of(2, 4), shape(new ChannelPooling(2, 2, new Margin(1, 1), Kind.MEAN, null), 2, 6));
        assertEquals(Shape.of(2, 2), shape(new ChannelPooling(2, 2, new Margin(0, 1), Kind.MAX, null), 2, 3));
        assertEquals(Shape.of(2, 2), shape(new ChannelPooling(2, 2, new Margin(0, 1), Kind.MAX, null), 2, 4));
        assertEquals(Shape.of(3, 6, 2), shape(new ChannelPooling(2, 3, null, null, -1), 3, 6, 5));
    }

    @Test
    void channelPoolingNamesWhatDoesNotFit() {
        assertMessage("kernel is 0; expected: at least 1", () -> new ChannelPooling(0, 1, Kind.MAX));
        assertMessage("stride is -1; expected: at least 1", () -> new ChannelPooling(1, -1, Kind.MAX));
        assertMessage("pad is [0, 2]; expected: less than the kernel 2",
                () -> new ChannelPooling(2, 1, new Margin(0, 2), null, null));
        assertMessage("front is -1; expected: at least 0", () -> new Margin(-1, 0));
        assertMessage("end is -2; expected: at least 0", () -> new Margin(0, -2));
        refuses("ChannelPooling: a window of 5 with pad [0, 0] does not fit axis 1 of [2, 3]",
                new ChannelPooling(5, 1, Kind.MAX), new int[] {2, 3});
        refuses("axis 1 does not exist in shape [3] of rank 1", new ChannelPooling(1, 1, Kind.MAX), new int[] {3});
    }

    @Test
    void cropDrawsOncePerSampleForAllBottomsAndOnlyWhatIsAsked() {
        assertEquals(new Crop(new Size(4, 5), false, false), new Crop(new Size(4, 5)));
        assertEquals(Shape.of(2, 3, 5, 4), shape(new Crop(new Size(4, 5)), 2, 3, 7, 8));
        assertEquals(List.of("Slice", "Slice"), train.log);
        train.log.clear();
        new Crop(new Size(4, 5), true, true).build(train, List.of(train.input(2, 3, 7, 8), train.input(2, 1, 9, 9)));
        assertEquals(List.of("random y", "random mirror", "random x", "random y", "random mirror", "random x"),
                train.log.stream().filter(l -> l.startsWith("random")).toList());
        train.log.clear();
        assertEquals(Shape.of(2, 3, 5, 4), shape(new Crop(new Size(4, 5), null, true), 2, 3, 5, 4));
        assertEquals(List.of("random mirror"), train.log.stream().filter(l -> l.startsWith("random")).toList());
    }

    @Test
    void cropNamesWhatDoesNotFit() {
        assertMessage("size is null; expected: a number or [width, height]", () -> new Crop(null));
        assertMessage("size is 0x3; expected: at least 1x1", () -> new Crop(new Size(0, 3)));
        refuses("Crop expects images [N, C, H, W], found [2, 9]", new Crop(new Size(3, 3)), new int[] {2, 9});
        refuses("Crop: a box of 4x3 does not fit into images of 3x9", new Crop(new Size(4, 3)), new int[] {1, 1, 9, 3});
        refuses("Crop: a box of 3x4 does not fit into images of 9x3", new Crop(new Size(3, 4), true, null),
                new int[] {1, 1, 3, 9});
    }

    @Test
    void elementWise() {
        for (ElementWise.Operation o : ElementWise.Operation.values()) {
            Value x = train.input(2, 3);
            assertEquals(Shape.of(2, 3), new ElementWise(o).build(train, List.of(x, train.input(2, 3))).get(0).shape());
        }
        assertMessage("operation is null; expected: one of [add, subtract, multiply, divide]", () ->
                new ElementWise(null));
        assertMessage("ElementWise has 3 bottoms; expected: 2 (a, b)", () -> new ElementWise(ElementWise.Operation.ADD)
                .build(train, List.of(train.input(1), train.input(1), train.input(1))));
        refuses("ElementWise expects two bottoms of one shape, found [2, 3] and [2, 1]",
                new ElementWise(ElementWise.Operation.ADD), new int[] {2, 3}, new int[] {2, 1});
    }

    @Test
    void power() {
        assertEquals(new Power(1.0, 1.0, 0.0), new Power(null, null, null));
        assertEquals(Shape.of(2, 3), shape(new Power(2.0, 3.0, 1.0), 2, 3));
        assertEquals(List.of("Affine", "Pow"), train.log);
        assertMessage("power is NaN; expected: a finite number", () -> new Power(Double.NaN, null, null));
        assertMessage("scale is Infinity; expected: a finite number",
                () -> new Power(null, Double.POSITIVE_INFINITY, null));
        assertMessage("shift is NaN; expected: a finite number", () -> new Power(null, null, Double.NaN));
    }

    @Test
    void reshapeIsTheGuidesOrAnyShape() {
        assertEquals(new Reshape(1, 1, 1, null), new Reshape(null, null, null, null));
        assertEquals(Shape.of(4, 2, 5, 3), shape(new Reshape(3, 5, 2), 4, 30));
        assertEquals(Shape.of(4, 1, 1, 30), shape(new Reshape(30, null, null, null), 4, 2, 15));
        assertEquals(Shape.of(4, 10, 3), shape(Reshape.to(0, -1, 3), 4, 30));
        assertEquals(Shape.of(120), shape(Reshape.to(-1), 4, 30));
        assertEquals(Shape.of(2, 2, 30), shape(Reshape.to(2, 2, 30), 4, 30));
    }

    @Test
    void reshapeNamesWhatDoesNotFit() {
        assertMessage("width is 0; expected: at least 1", () -> new Reshape(0, 1, 1));
        assertMessage("height is -1; expected: at least 1", () -> new Reshape(1, -1, 1));
        assertMessage("channels is 0; expected: at least 1", () -> new Reshape(1, 1, 0));
        assertMessage("shape is [2, 3]; expected: null where width, height or channels is set",
                () -> new Reshape(1, null, null, List.of(2, 3)));
        assertMessage("shape is [-1, -1]; expected: extents, 0 to copy one, and at most one -1", () ->
                Reshape.to(-1, -1));
        assertMessage("shape is [2, -2]; expected: extents, 0 to copy one, and at most one -1", () ->
                Reshape.to(2, -2));
        refuses("Reshape: [4, 30] has 120 elements, [4, 1, 1, 1] has 4; expected: equally many",
                new Reshape(null, null, null, null), new int[] {4, 30});
        refuses("Reshape: the 120 elements of [4, 30] do not divide into [7, -1]", Reshape.to(7, -1),
                new int[] {4, 30});
        refuses("Reshape: there is no axis 2 in [4, 30] to copy for [0, 0, 0]", Reshape.to(0, 0, 0), new int[] {4, 30});
        refuses("Reshape expects a batch with samples along axis 0, found a single number", new Reshape(1, 1, 1),
                new int[] {});
    }

    @Test
    void innerProductKeepsTheAxesBeforeItsOwn() {
        assertEquals(Shape.of(4, 3, 7), shape(new InnerProduct(7, null, null, null, 2), 4, 3, 2, 5));
        assertEquals(Shape.of(7, 10), train.parameters.get("weight"));
        assertEquals(Shape.of(4, 3, 2, 7), shape(new InnerProduct(7, null, null, false, -1), 4, 3, 2, 5));
        assertEquals(new InnerProduct(7, null, null, true, 1), new InnerProduct(7));
        refuses("InnerProduct: axis 0 of [4, 3]; expected: 1 to 2", new InnerProduct(1, null, null, null, 0),
                new int[] {4, 3});
        refuses("InnerProduct: axis 3 of [4, 3]; expected: 1 to 2", new InnerProduct(1, null, null, null, 3),
                new int[] {4, 3});
        refuses("InnerProduct expects a batch with samples along axis 0, found a single number", new InnerProduct(1),
                new int[] {});
    }

    @Test
    void tiedInnerProductUsesTheWeightsTransposedAndLearnsABias() {
        shape(new InnerProduct(7, null, null, false), 4, 2, 15);
        assertEquals(Shape.of(4, 30), shape(new TiedInnerProduct("code"), 4, 7));
        assertEquals(Map.of("weight", Shape.of(7, 30), "bias", Shape.of(30)), train.parameters);
        assertEquals(Shape.of(4, 3, 30), shape(new TiedInnerProduct("code", null, false, 2), 4, 3, 7));
        assertEquals(new TiedInnerProduct("code", Defaults.BIAS, true, 1), new TiedInnerProduct("code"));
    }

    @Test
    void tiedInnerProductNamesWhatDoesNotFit() {
        assertMessage("tiedTo is null; expected: the name of an InnerProduct layer", () -> new TiedInnerProduct(null));
        assertMessage("tiedTo is ; expected: the name of an InnerProduct layer", () -> new TiedInnerProduct(""));
        shape(new InnerProduct(7), 4, 30);
        refuses("TiedInnerProduct: [4, 6] has 6 features from axis 1 on; [code] has 7 outputs",
                new TiedInnerProduct("code"),
                new int[] {4, 6});
        train.parameters.put("weight", Shape.of(7));
        refuses("TiedInnerProduct: [code] has weights [7]; expected: those of an InnerProduct, [outputs, inputs]",
                new TiedInnerProduct("code"), new int[] {4, 7});
    }

    @Test
    void identityGivesItsBottoms() {
        List<Value> in = List.of(train.input(2, 3), train.input(4));
        assertEquals(in, new Identity().build(train, in));
        assertEquals(List.of(), train.log);
    }

    @Test
    void randomMaskDrawsOneMaskPerBottomInBothPhases() {
        for (ShapeGraph g : List.of(train, new ShapeGraph(Phase.TEST, 2))) {
            assertEquals(2, new RandomMask(null).build(g, List.of(g.input(2, 3), g.input(5))).size());
            assertEquals(List.of("random mask0", "random mask1"),
                    g.log.stream().filter(l -> l.startsWith("random")).toList());
        }
        assertEquals(new RandomMask(0.5), new RandomMask(null));
        Value x = train.input(2);
        assertEquals(List.of(x), new RandomMask(0.0).build(train, List.of(x)));
        assertMessage("ratio is 1.0; expected: at least 0 and below 1", () -> new RandomMask(1.0));
        assertMessage("ratio is -0.1; expected: at least 0 and below 1", () -> new RandomMask(-0.1));
    }

    @Test
    void index2Onehot() {
        assertEquals(Shape.of(4, 7), shape(new Index2Onehot(7), 4));
        assertEquals(Shape.of(4, 7, 2, 3), shape(new Index2Onehot(7), 4, 1, 2, 3));
        assertEquals(Shape.of(4, 3, 7), shape(new Index2Onehot(7, -1), 4, 3, 1));
        assertMessage("classes is 0; expected: at least 1", () -> new Index2Onehot(0));
        refuses("Index2Onehot expects extent 1 along axis 1, at least 1, found [4, 3]", new Index2Onehot(7),
                new int[] {4, 3});
        refuses("Index2Onehot expects extent 1 along axis 0, at least 1, found [1, 3]", new Index2Onehot(7, 0),
                new int[] {1, 3});
        refuses("axis 3 does not exist in shape [4, 1] of rank 2", new Index2Onehot(7, 3), new int[] {4, 1});
    }

    @Test
    void layersThatMaskAreInPlace() {
        assertEquals(List.of(true, true, false), List.of(new Dropout(null).inPlace(), new RandomMask(null).inPlace(),
                new Identity().inPlace()));
    }
}

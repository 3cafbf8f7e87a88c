package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.initializers.Constant;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.Argmax;
import org.mocha4j.layers.BinaryAccuracy;
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
import org.mocha4j.layers.TiedInnerProduct;
import org.mocha4j.layers.WassersteinLoss;
import org.mocha4j.runtime.config.Bound;
import org.mocha4j.runtime.config.ConfigWriter;
import org.mocha4j.runtime.config.Experiment;
import org.mocha4j.runtime.config.NodeConfig;

/** How layers are written in files, with all their fields and with none. */
class LayerYamlTest {
    private static final ClassWeights BOTH = new ClassWeights(Array.of(Shape.of(2), 1.0, 3), Normalize.NO);

    @TempDir
    private Path folder;

    private Bound<Experiment> read(String text) {
        try {
            return Experiment.read(Files.writeString(folder.resolve("net.yaml"), text), List.of(), Backends.catalog());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One layer is read from its fields, and from what a snapshot would write of it. */
    private void is(Layer expected, String fields) {
        String type = expected.getClass().getSimpleName();
        String line = "{name: a, type: " + type + (fields.isEmpty() ? "" : ", " + fields) + ", bottoms: [x]}";
        Experiment e = read("layers:\n- " + line + "\n").get();
        assertEquals(List.of(expected), e.layers().stream().map(NodeConfig::layer).toList(), line);
        String written = new ConfigWriter(Backends.catalog()).yaml(e);
        assertEquals(e, read(written).get(), written);
    }

    @Test
    void computationsWithAllTheirFields() {
        is(new Argmax(-1), "axis: -1");
        is(new ChannelPooling(3, 2, new Margin(1, 0), Kind.MEAN, 2),
                "kernel: 3, stride: 2, pad: [1, 0], pooling: mean, axis: 2");
        is(new ChannelPooling(3, null, Margin.of(1), null, null), "kernel: 3, pad: 1");
        is(new ChannelPooling(3, null, new Margin(0, 2), null, null), "kernel: 3, pad: {front: 0, end: 2}");
        is(new Crop(new Size(24, 20), true, true), "size: [24, 20], random: true, mirror: true");
        is(new Crop(new Size(24, 24)), "size: 24");
        for (ElementWise.Operation o : ElementWise.Operation.values()) {
            is(new ElementWise(o), "operation: " + o.name().toLowerCase(java.util.Locale.ROOT));
        }
        is(new Power(2.0, 0.5, -1.0), "power: 2, scale: 0.5, shift: -1");
        is(new Reshape(4, 5, 6), "width: 4, height: 5, channels: 6");
        is(Reshape.to(0, -1, 3), "shape: [0, -1, 3]");
        is(new Index2Onehot(10, 2), "classes: 10, axis: 2");
        is(new RandomMask(0.3), "ratio: 0.3");
        is(new InnerProduct(7, null, null, false, 2), "outputs: 7, biasTerm: false, axis: 2");
        is(new TiedInnerProduct("code", new Param(new Constant(1.0), null, null, 3.0), false, 2),
                "tiedTo: code, bias: {initializer: {type: Constant, value: 1}, rate: 3}, biasTerm: false, axis: 2");
    }

    @Test
    void lossesAndStatisticsWithAllTheirFields() {
        is(new SoftmaxLoss(2, 0.5, BOTH), "axis: 2, weight: 0.5, weights: [1, 3], normalize: no");
        is(new MultinomialLogisticLoss(2, 0.5, BOTH), "axis: 2, weight: 0.5, weights: [1, 3], normalize: no");
        is(new SoftmaxLoss(null, null, new ClassWeights(Array.of(Shape.of(2, 1, 2), 1.0, 2, 3, 4), Normalize.GLOBAL)),
                "weights: [[[1, 2]], [[3, 4]]], normalize: global");
        is(new SoftmaxLoss(null, null, new ClassWeights(BOTH.weights(), Normalize.LOCAL)), "weights: [1, 3]");
        is(new SoftlabelSoftmaxLoss(2, 0.5), "axis: 2, weight: 0.5");
        is(new SquareLoss(0.5), "weight: 0.5");
        is(new HingeLoss(0.5), "weight: 0.5");
        is(new BinaryCrossEntropyLoss(0.5), "weight: 0.5");
        is(new GaussianKLLoss(0.5), "weight: 0.5");
        is(new WassersteinLoss(Array.of(Shape.of(2, 1), 0.5, 1.0), 10, 20, 0.5),
                "metric: [[0.5], [1]], lambda: 10, iterations: 20, weight: 0.5");
        is(new Accuracy(2, true), "axis: 2, reportError: true");
        is(new BinaryAccuracy(0.5, true), "threshold: 0.5, reportError: true");
    }

    @Test
    void withoutFields() {
        for (Layer l : List.of(new Argmax(), new ChannelPooling(null, null, null, null, null),
                new Power(null, null, null),
                new Reshape(null, null, null, null), new RandomMask(null), new Identity(), new SoftmaxLoss(),
                new MultinomialLogisticLoss(), new SoftlabelSoftmaxLoss(), new SquareLoss(), new HingeLoss(),
                new BinaryCrossEntropyLoss(), new GaussianKLLoss(), new Accuracy(), new BinaryAccuracy())) {
            is(l, "");
        }
    }

    private void fails(String message, String fields) {
        Bound<Experiment> b = read("layers:\n- {name: a, " + fields + ", bottoms: [x]}\n");
        String text = assertThrows(ConfigurationException.class, b::get).getMessage();
        assertEquals(folder.resolve("net.yaml") + ":2: " + message, text);
    }

    @Test
    void whatIsWrongIsNamed() {
        fails("Crop.size is missing; expected: a number or [width, height]", "type: Crop, random: true");
        fails("Crop has no field [randomCrop]; it has [size, random, mirror, name, bottoms, tops,"
                + " neuron, phase, paramKey]",
                "type: Crop, size: 3, randomCrop: true");
        fails("ElementWise.operation is [modulo]; expected: one of [add, subtract, multiply, divide]",
                "type: ElementWise, operation: modulo");
        fails("SoftmaxLoss.normalize is [yes]; expected: one of [local, global, no]",
                "type: SoftmaxLoss, weights: [1, 2], normalize: yes");
        fails("MultinomialLogisticLoss.weights is missing; expected: a number per class where normalize is set",
                "type: MultinomialLogisticLoss, normalize: global");
        fails("SoftmaxLoss: weights[1] is -2.0; expected: a finite number of at least 0",
                "type: SoftmaxLoss, weights: [1, -2]");
        fails("ChannelPooling.pad is [1, 2]; expected: less than the kernel 2",
                "type: ChannelPooling, kernel: 2, pad: [1, 2]");
        fails("ChannelPooling.pad.front is -1; expected: at least 0", "type: ChannelPooling, kernel: 2, pad: [-1, 0]");
        fails("Index2Onehot.classes is missing; expected: a whole number", "type: Index2Onehot");
        fails("TiedInnerProduct.tiedTo is missing; expected: the name of an InnerProduct layer",
                "type: TiedInnerProduct");
        fails("Reshape.shape is [2, 3]; expected: null where width, height or channels is set",
                "type: Reshape, width: 2, shape: [2, 3]");
    }
}

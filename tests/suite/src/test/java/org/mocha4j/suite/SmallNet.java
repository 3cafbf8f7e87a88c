package org.mocha4j.suite;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.runtime.Node;
import org.mocha4j.testkit.Values;

/** A net of two convolutions, both poolings and two inner products on six small images. */
final class SmallNet {
    static final int SAMPLES = 6;
    static final int CLASSES = 3;
    static final Array IMAGES = Values.distinct(1, SAMPLES, 1, 9, 10);
    static final Array LABELS = Values.whole(CLASSES, 1, SAMPLES);

    private SmallNet() {
    }

    static List<Node> nodes() {
        return List.of(Node.source("data", new MemoryData(SAMPLES, IMAGES, LABELS), "data", "label"),
                Node.of("conv1", new Convolution(5, Window.of(3)), "data", "conv1").with(new ReLU()),
                Node.of("pool1", new Pooling(Window.of(2, 2)), "conv1", "pool1"),
                Node.of("conv2", new Convolution(7, Window.of(2, 1, 1)), "pool1", "conv2").with(new ReLU()),
                Node.of("pool2", new Pooling(Window.of(3, 2), Kind.MEAN), "conv2", "pool2"),
                Node.of("ip1", new InnerProduct(8), "pool2", "ip1").with(new ReLU()),
                Node.of("ip2", new InnerProduct(CLASSES), "ip1", "ip2"),
                new Node("loss", new SoftmaxLoss(), List.of("ip2", "label"), null, null, Phase.TRAIN, null),
                new Node("accuracy", new Accuracy(), List.of("ip2", "label"), null, null, Phase.TEST, null));
    }

    /** What the data layer delivers. */
    static List<List<HostTensor>> batch(DataType type) {
        return batch(type, LABELS);
    }

    static List<List<HostTensor>> batch(DataType type, Array labels) {
        return List.of(List.of(tensor(IMAGES, type), tensor(labels, type)));
    }

    static HostTensor tensor(Array a, DataType type) {
        HostTensor t = HostTensor.allocate(new Spec(type, a.shape()));
        a.copyTo(t);
        return t;
    }
}

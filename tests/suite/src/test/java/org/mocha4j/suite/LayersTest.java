package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mocha4j.testkit.Values.between;
import static org.mocha4j.testkit.Values.distinct;
import static org.mocha4j.testkit.Values.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.LRN.Mode;
import org.mocha4j.api.ops.Pooling.Divisor;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.api.ops.Pooling.Rounding;
import org.mocha4j.layers.Argmax;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.layers.ChannelPooling;
import org.mocha4j.layers.Concat;
import org.mocha4j.layers.Convolution;
import org.mocha4j.layers.Crop;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.LRN;
import org.mocha4j.layers.Margin;
import org.mocha4j.layers.Pooling;
import org.mocha4j.layers.Reshape;
import org.mocha4j.layers.Softmax;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.layers.Split;
import org.mocha4j.neurons.Identity;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.neurons.Sigmoid;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.LayerCase;
import org.mocha4j.testkit.LayerCheck;

/** Every layer and neuron on every backend, in both types and phases; gradients in float64. */
class LayersTest {
    /** A neuron alone. */
    record Activated(Neuron neuron) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return inputs.stream().map(x -> neuron.apply(g, x)).toList();
        }
    }

    private static List<LayerCase> cases() {
        Window oblong = new Window(new Size(3, 2), new Size(2, 1), new Size(1, 0), new Size(1, 2));
        List<LayerCase> c = new ArrayList<>(List.of(
                LayerCase.of(new Convolution(5, Window.of(3)), distinct(1, 2, 3, 7, 8)),
                LayerCase.of(new Convolution(4, oblong, 2, null, null, false), distinct(1, 1, 2, 7, 5)),
                LayerCase.of(new Convolution(3, Window.of(1, 2)), distinct(1, 2, 1, 3, 3)),
                LayerCase.of(new Convolution(2, Window.of(2)), distinct(1, 1, 3, 3, 3), distinct(2, 2, 3, 3, 3))
                        .tops(2),
                LayerCase.of(new InnerProduct(7), distinct(1, 3, 13)),
                LayerCase.of(new InnerProduct(1, null, null, false), distinct(1, 2, 3, 3, 2)),
                LayerCase.of(new InnerProduct(3), distinct(1, 5)),
                LayerCase.of(new Pooling(Window.of(3, 2)), distinct(1, 2, 3, 7, 8)),
                LayerCase.of(new Pooling(Window.of(2, 2), Kind.MAX), distinct(1, 1, 5, 4, 4), distinct(2, 1, 1, 2, 2))
                        .tops(2),
                LayerCase.of(new Softmax(), distinct(1, 3, 8)),
                LayerCase.of(new Softmax(-1), distinct(1, 2, 3, 5)),
                LayerCase.of(new SoftmaxLoss(), distinct(1, 8, 5), whole(5, 1, 8)).smooth(0).tops(0),
                LayerCase.of(new SoftmaxLoss(null, 0.3), distinct(1, 3, 7), whole(7, 1, 3, 1)).smooth(0).tops(1),
                LayerCase.of(new SoftmaxLoss(1, 2.0), distinct(1, 2, 3, 2, 5), whole(3, 1, 2, 1, 2, 5)).smooth(0)
                        .tops(0),
                LayerCase.of(new Dropout(null), distinct(1, 3, 13)),
                LayerCase.of(new Dropout(0.2), distinct(1, 2, 3, 4, 4), distinct(2, 7)).tops(2),
                LayerCase.of(new BatchNorm(), between(-1, 3, 1, 7, 3)),
                LayerCase.of(new BatchNorm(1e-3, 0.5, false), distinct(1, 3, 5, 2, 2)),
                LayerCase.of(new LRN(), distinct(1, 2, 7, 3, 4)),
                LayerCase.of(new LRN(3, 0.5, 2.0, 0.6, Mode.WITHIN_CHANNEL), distinct(1, 2, 3, 5, 4),
                        distinct(2, 1, 1, 1, 3))
                        .tops(2),
                LayerCase.of(new Split(), distinct(1, 3, 5)).tops(3),
                LayerCase.of(new Concat(), distinct(1, 2, 3, 2, 2), distinct(2, 2, 5, 2, 2)),
                LayerCase.of(new Concat(0), distinct(1, 2, 3), distinct(2, 1, 3), distinct(3, 7, 3)),
                LayerCase.of(new Activated(new ReLU()), distinct(1, 2, 5, 3, 3)),
                LayerCase.of(new Activated(new Sigmoid()), distinct(1, 2, 5, 3, 3)),
                LayerCase.of(new Activated(new Identity()), distinct(1, 13))));
        for (Divisor d : Divisor.values()) {
            c.add(LayerCase.of(new Pooling(Window.of(3, 2, 1), Kind.MEAN, d, Rounding.CEIL), distinct(1, 2, 3, 8, 7)));
        }
        c.addAll(LayerCases.computations());
        c.addAll(LayerCases.losses());
        return c;
    }

    @TestFactory
    Stream<DynamicNode> layers() {
        List<DynamicNode> tests = new ArrayList<>();
        List<Session> open = new ArrayList<>();
        for (Setup b : Backends.all().toList()) {
            Session s = b.open();
            Session trusted = Backends.named("reference").with(b.type()).open();
            open.add(s);
            open.add(trusted);
            LayerCheck check = new LayerCheck(s);
            for (LayerCase c : cases()) {
                for (Phase p : Phase.values()) {
                    tests.add(DynamicTest.dynamicTest(b + " " + p + " " + c, () -> check.values(c, p, trusted)));
                }
                if (b.type() == DataType.FLOAT64) {
                    tests.add(DynamicTest.dynamicTest(b + " gradients " + c, () -> check.gradients(c)));
                }
            }
        }
        return tests.stream().onClose(() -> open.forEach(s -> {
            s.close();
            assertEquals(0, s.liveBytes());
        }));
    }

    @Test
    void shapes() {
        try (Session s = Backends.named("reference").open()) {
            shape(s, "[2, 5, 5, 6]", LayerCase.of(new Convolution(5, Window.of(3)), distinct(1, 2, 3, 7, 8)));
            shape(s, "[2, 3, 4, 4]", LayerCase.of(new Pooling(Window.of(2, 2)), distinct(1, 2, 3, 7, 8)));
            shape(s, "[2, 3, 3, 4]", LayerCase.of(new Pooling(Window.of(2, 2), null, null, Rounding.FLOOR),
                    distinct(1, 2, 3, 7, 8)));
            shape(s, "[2, 9]", LayerCase.of(new InnerProduct(9), distinct(1, 2, 3, 7, 8)));
            shape(s, "[2, 8, 2, 2]", LayerCase.of(new Concat(), distinct(1, 2, 3, 2, 2), distinct(2, 2, 5, 2, 2)));
            shape(s, "[2, 1, 3]", LayerCase.of(new Argmax(), distinct(1, 2, 5, 3)));
            shape(s, "[2, 3, 7]", LayerCase.of(new ChannelPooling(3, 2, new Margin(1, 0), null, null),
                    distinct(1, 2, 5, 7)));
            shape(s, "[2, 3, 5, 4]", LayerCase.of(new Crop(new Size(4, 5)), distinct(1, 2, 3, 7, 8)));
            shape(s, "[2, 1, 3, 7]", LayerCase.of(new Reshape(7, 3, 1), distinct(1, 2, 21)));
            shape(s, "[2, 7, 1, 3]", LayerCase.of(Reshape.to(0, -1, 1, 3), distinct(1, 2, 21)));
            shape(s, "[]", LayerCase.of(new SoftmaxLoss(), distinct(1, 8, 5), whole(5, 1, 8)));
        }
    }

    private static void shape(Session s, String expected, LayerCase c) {
        assertEquals(expected, LayerCheck.run(s, c, Phase.TEST).get(0).shape().toString(), c.toString());
    }
}

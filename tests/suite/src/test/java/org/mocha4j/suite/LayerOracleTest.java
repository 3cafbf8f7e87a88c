package org.mocha4j.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Size;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Pooling.Kind;
import org.mocha4j.layers.Argmax;
import org.mocha4j.layers.BinaryAccuracy;
import org.mocha4j.layers.BinaryCrossEntropyLoss;
import org.mocha4j.layers.ChannelPooling;
import org.mocha4j.layers.ClassWeights;
import org.mocha4j.layers.Crop;
import org.mocha4j.layers.ElementWise;
import org.mocha4j.layers.GaussianKLLoss;
import org.mocha4j.layers.HingeLoss;
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
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.suite.oracle.OracleFile;
import org.mocha4j.suite.oracle.OracleFile.Case;
import org.mocha4j.testkit.Closeness;

/** Layers give the values and gradients that PyTorch and NumPy give, on every backend and in both types. */
class LayerOracleTest {
    /** What is computed of a case's inputs, by name. */
    private interface Built extends BiFunction<Graph, Map<String, Value>, List<Value>> {
    }

    private static Stream<DynamicNode> tests(String kind, Function<Case, Built> f) throws IOException {
        List<DynamicNode> tests = new ArrayList<>();
        for (Case c : OracleFile.read(kind)) {
            for (Setup b : Backends.all().toList()) {
                tests.add(DynamicTest.dynamicTest(b + " " + c, () -> {
                    try (Session s = b.open()) {
                        compare(s, c, f.apply(c));
                    }
                }));
            }
        }
        return tests.stream();
    }

    /** Kinds whose inputs are the bottoms of one layer. */
    private static Stream<DynamicNode> layers(String kind, Function<Case, Layer> layer, String... bottoms)
            throws IOException {
        return tests(kind, c -> (g, given) -> GivenGraph.build(g, layer.apply(c), given, bottoms));
    }

    /** The first output is y, whose gradients are compared where the case has some. */
    private static void compare(Session s, Case c, Built f) {
        List<String> names = c.inputs().keySet().stream().filter(n -> !n.equals("dy")).toList();
        List<Array> in = names.stream().map(n -> OracleTest.array(c.input(n), s.type())).toList();
        BiFunction<Graph, List<Value>, List<Value>> g = (graph, x) -> {
            Map<String, Value> given = new LinkedHashMap<>();
            names.forEach(n -> given.put(n, x.get(names.indexOf(n))));
            return f.apply(graph, given).subList(0, 1);
        };
        Array y = s.evaluate(in, g).get(0);
        require(s, c, "y", y);
        if (c.inputs().containsKey("dy")) {
            List<Array> d = s.gradients(in, List.of(OracleTest.array(c.input("dy"), s.type()).reshape(y.shape())), g);
            for (int i = 0; i < names.size(); i++) {
                if (c.expected().containsKey("d" + names.get(i))) {
                    require(s, c, "d" + names.get(i), d.get(i));
                }
            }
        }
    }

    private static void require(Session s, Case c, String name, Array found) {
        Array expected = OracleTest.array(c.expect(name), s.type());
        Closeness.require(s.backend() + " " + s.type() + " " + c + ": " + name, found.reshape(expected.shape()),
                expected, s.type().bytes() == 8 ? 1e-11 : 2e-5);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, Case c, String key) {
        return Enum.valueOf(type, c.text(key).toUpperCase(java.util.Locale.ROOT));
    }

    private static ClassWeights weights(Case c) {
        return c.text("weights").equals("none") ? null : new ClassWeights(OracleTest.array(c.input("weights"),
                org.mocha4j.api.DataType.FLOAT64), constant(ClassWeights.Normalize.class, c, "normalize"));
    }

    @TestFactory
    Stream<DynamicNode> argmax() throws IOException {
        return layers("argmax", c -> new Argmax(c.integer("axis")), "x");
    }

    @TestFactory
    Stream<DynamicNode> channelPooling() throws IOException {
        return layers("channel_pooling", c -> new ChannelPooling(c.integer("kernel"), c.integer("stride"),
                new Margin(c.integer("front"), c.integer("end")), constant(Kind.class, c, "pooling"), null), "x");
    }

    @TestFactory
    Stream<DynamicNode> crop() throws IOException {
        return layers("crop", c -> new Crop(new Size(c.integer("width"), c.integer("height")), c.flag("random"),
                c.flag("mirror")), "x");
    }

    @TestFactory
    Stream<DynamicNode> elementWise() throws IOException {
        return layers("element_wise", c -> new ElementWise(constant(ElementWise.Operation.class, c, "operation")), "a",
                "b");
    }

    @TestFactory
    Stream<DynamicNode> power() throws IOException {
        return layers("power", c -> new Power(c.real("power"), c.real("scale"), c.real("shift")), "x");
    }

    @TestFactory
    Stream<DynamicNode> reshape() throws IOException {
        return layers("reshape", c -> Reshape.to(Arrays.stream(c.reals("shape")).mapToObj(d -> (int) d)
                .toArray(Integer[]::new)), "x");
    }

    @TestFactory
    Stream<DynamicNode> multinomialLogisticLoss() throws IOException {
        return layers("multinomial_logistic_loss", c -> new MultinomialLogisticLoss(null, null, weights(c)), "x",
                "label");
    }

    @TestFactory
    Stream<DynamicNode> innerProductOverTheLastAxes() throws IOException {
        return layers("inner_product_axis", c -> new InnerProduct(c.integer("outputs"), null, null, null,
                c.integer("axis")), "x");
    }

    @TestFactory
    Stream<DynamicNode> tiedInnerProduct() throws IOException {
        return tests("tied_inner_product", c -> (g, given) -> {
            Layer encoder = new InnerProduct(c.integer("outputs"), null, null, false);
            Map<String, Value> all = new LinkedHashMap<>(given);
            all.put("code", GivenGraph.build(g, encoder, given, "x").get(0));
            return GivenGraph.build(g, new TiedInnerProduct("encoder", null, c.flag("bias"), null), all, "code");
        });
    }

    @TestFactory
    Stream<DynamicNode> randomMask() throws IOException {
        return layers("random_mask", c -> new RandomMask(c.real("ratio")), "x");
    }

    @TestFactory
    Stream<DynamicNode> index2Onehot() throws IOException {
        return layers("index2onehot", c -> new Index2Onehot(c.integer("classes")), "x");
    }

    @TestFactory
    Stream<DynamicNode> squareLoss() throws IOException {
        return layers("square_loss", c -> new SquareLoss(c.real("weight")), "x", "t");
    }

    @TestFactory
    Stream<DynamicNode> hingeLoss() throws IOException {
        return layers("hinge_loss", c -> new HingeLoss(c.real("weight")), "x", "t");
    }

    @TestFactory
    Stream<DynamicNode> binaryCrossEntropyLoss() throws IOException {
        return layers("binary_cross_entropy_loss", c -> new BinaryCrossEntropyLoss(c.real("weight")), "x", "t");
    }

    @TestFactory
    Stream<DynamicNode> gaussianKLLoss() throws IOException {
        return layers("gaussian_kl_loss", c -> new GaussianKLLoss(c.real("weight")), "x", "t");
    }

    @TestFactory
    Stream<DynamicNode> softlabelSoftmaxLoss() throws IOException {
        return layers("softlabel_softmax_loss", c -> new SoftlabelSoftmaxLoss(c.integer("axis"), c.real("weight")), "x",
                "t");
    }

    @TestFactory
    Stream<DynamicNode> wassersteinLoss() throws IOException {
        return layers("wasserstein_loss", c -> new WassersteinLoss(OracleTest.array(c.input("metric"),
                org.mocha4j.api.DataType.FLOAT64), c.real("lambda"), c.integer("iterations"), c.real("weight")), "x",
                        "t");
    }

    @TestFactory
    Stream<DynamicNode> binaryAccuracy() throws IOException {
        return tests("binary_accuracy", c -> (g, given) -> {
            Map<String, Value> all = new LinkedHashMap<>(given);
            all.put("valid", g.constant(Array.scalar(g.type(), c.integer("valid"))));
            return GivenGraph.build(g, new BinaryAccuracy(c.real("threshold"), null), all, "x", "t");
        });
    }

    @TestFactory
    Stream<DynamicNode> softmaxLossWithClassWeights() throws IOException {
        return layers("softmax_loss_weighted", c -> new SoftmaxLoss(null, null, weights(c)), "x", "label");
    }
}

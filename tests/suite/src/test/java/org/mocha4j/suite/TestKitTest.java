package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Op1;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.Sigmoid;
import org.mocha4j.runtime.Session;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.LayerCase;
import org.mocha4j.testkit.LayerCheck;
import org.mocha4j.testkit.OpCase;
import org.mocha4j.testkit.OpCheck;
import org.mocha4j.testkit.Reference;
import org.mocha4j.testkit.Values;
import org.opentest4j.TestAbortedException;

/** The test kit finds what is wrong and says where; a right op of a third party passes. */
class TestKitTest {
    /** y = x³ by a host kernel, with the gradient factor · x². */
    record Cube(double factor) implements Op1 {
        @Override
        public Spec infer(Spec x) {
            return x;
        }

        @Override
        public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
            Value slope = Ops.affine(g, Ops.square(g, in.get(0)), factor, 0);
            return Optional.of(List.of(Ops.multiply(g, dOut.get(0), slope)));
        }

        @Override
        public Optional<HostKernel> hostKernel() {
            return Optional.of((in, out) -> {
                for (int i = 0; i < in.get(0).elements(); i++) {
                    out.get(0).set(i, Math.pow(in.get(0).get(i), 3));
                }
            });
        }
    }

    /** A layer with a wrong op. */
    record Wrong() implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return List.of(g.op(new Cube(2), inputs.get(0)));
        }
    }

    private static void with(DataType type, java.util.function.BiConsumer<Session, OpCheck> test) {
        try (Reference r = new Reference(Backends.catalog(), "reference");
             Session s = Backends.named("odd").with(type).open()) {
            test.accept(s, new OpCheck(s, r));
        }
    }

    private static String failure(Consumer<OpCase> check, OpCase c) {
        return assertThrows(AssertionError.class, () -> check.accept(c)).getMessage();
    }

    @Test
    void anOpWithHostKernelsPassesOnADeviceThatDoesNotKnowIt() {
        with(DataType.FLOAT64, (s, check) -> {
            OpCase c = OpCase.of(new Cube(3), Values.distinct(1, 2, 5, 3, 3));
            check.values(c);
            check.gradient(c);
            assertFalse(check.decomposition(c));
        });
    }

    @Test
    void aWrongGradientIsFoundAndBothValuesAreNamed() {
        with(DataType.FLOAT64, (s, check) -> {
            String text = failure(check::gradient, OpCase.of(new Cube(2.999), Values.distinct(1, 7)));
            assertTrue(text.startsWith("odd FLOAT64: gradient with respect to input 0 of Cube[factor=2.999] "
                    + "of [7], index 0 of [7]: found ") && text.contains(", expected ")
                    && text.contains("tolerance 1.0E-6"), text);
        });
    }

    @Test
    void aGradientThatIsWrongByLittleMoreThanTheToleranceIsFound() {
        with(DataType.FLOAT64, (s, check) -> failure(check::gradient, OpCase.of(new Cube(3 * (1 + 2e-6)),
                Values.between(1, 2, 1, 7))));
    }

    @Test
    void aLayerWithAWrongGradientIsFound() {
        with(DataType.FLOAT64, (s, check) -> {
            LayerCase c = LayerCase.of(new Wrong(), Values.distinct(1, 3));
            String text = assertThrows(AssertionError.class, () -> new LayerCheck(s).gradients(c)).getMessage();
            assertTrue(text.startsWith("odd FLOAT64: Wrong[] of [3]: gradient of bottom0___value, index 0 of [3]: "
                    + "found "), text);
        });
    }

    @Test
    void aLayerThatDiffersFromTheTrustedBackendIsFound() {
        try (Session a = Backends.named("reference").open();
             Session other = Session.open(Backends.catalog(), Backends.named("reference").options().seed(2))) {
            LayerCase c = LayerCase.of(new InnerProduct(2), Values.distinct(1, 2, 3));
            new LayerCheck(a).values(c, Phase.TRAIN, a);
            assertThrows(AssertionError.class, () -> new LayerCheck(a).values(c, Phase.TRAIN, other));
        }
    }

    @Test
    void closenessKnowsNaNInfinityAndRelativeErrors() {
        Array a = Array.of(Shape.of(4), Double.NaN, Double.POSITIVE_INFINITY, 1000, 0);
        Closeness.require("x", a, Array.of(Shape.of(4), Double.NaN, Double.POSITIVE_INFINITY, 1000.5, 0), 1e-3);
        assertEquals("x, index 2 of [4]: found 1000.0, expected 1002.0, difference 2.0, relative tolerance 0.001",
                assertThrows(AssertionError.class, () -> Closeness.require("x", a, Array.of(Shape.of(4), Double.NaN,
                        Double.POSITIVE_INFINITY, 1002, 0), 1e-3)).getMessage());
        assertThrows(AssertionError.class, () -> Closeness.require("x", a, Array.of(Shape.of(4), 0.0,
                Double.POSITIVE_INFINITY, 1000, 0), 1e-3));
        assertThrows(AssertionError.class, () -> Closeness.require("x", a, Array.of(Shape.of(4), Double.NaN, 5.0, 1000,
                0), 1e-3));
    }

    /** Takes the last axis for granted, and forgets to say so. */
    record Careless() implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            int[] dims = inputs.get(0).shape().dims();
            return dims[dims.length - 1] > 100 ? List.of() : inputs;
        }
    }

    /** Runs what a test factory gives; the names of the tests that fail, with what they say. */
    private static Map<String, String> failures(DynamicNode node, String above) {
        Map<String, String> failures = new LinkedHashMap<>();
        String name = above + node.getDisplayName();
        if (node instanceof DynamicContainer c) {
            c.getChildren().forEach(child -> failures.putAll(failures(child, name + "/")));
        } else {
            try {
                ((DynamicTest) node).getExecutable().execute();
            } catch (TestAbortedException e) {
                assertTrue(e.getMessage().contains("usable=false"), e.getMessage());     // a backend that is not to be had here
            } catch (Throwable e) {
                failures.put(name, String.valueOf(e.getMessage()));
            }
        }
        return failures;
    }

    private static Map<String, String> failures(Stream<DynamicNode> tests) {
        Map<String, String> failures = new LinkedHashMap<>();
        try (tests) {
            tests.forEach(t -> failures.putAll(failures(t, "")));
        }
        return failures;
    }

    @Test
    void everythingOfARightLayerPasses() {
        assertEquals(Map.of(), failures(LayerCheck.everything(new InnerProduct(3), Shape.of(2, 5))));
        assertEquals(Map.of(), failures(LayerCheck.everything(new Sigmoid())));
        assertEquals(Map.of(), failures(OpCheck.everything(OpCase.of(new Cube(3), Values.distinct(1, 7)))));
        assertEquals(Map.of(), failures(LayerCheck.everything(LayerCase.of(new SoftmaxLoss(), Values.distinct(1, 3, 4),
                Values.whole(4, 1, 3)).smooth(0).tops(0))));
    }

    @Test
    void everythingFindsAWrongGradientOnEveryBackendAndAtEverySize() {
        Map<String, String> found = failures(LayerCheck.everything(new Wrong(), Shape.of(2, 3)));
        List<String> backends = Backends.backends().stream().map(Backends.Setup::backend).distinct().sorted().toList();
        assertEquals(backends.stream().flatMap(b -> Stream.of("[2, 3]", "[1, 3]", "[3, 3]",
                "[13, 3]").map(s -> b + " float64/gradients: Wrong[] of " + s)).toList(), List.copyOf(found.keySet()));
        assertTrue(found.get("cpu float64/gradients: Wrong[] of [2, 3]").startsWith("cpu FLOAT64: Wrong[] of [2, 3]: "
                + "gradient of bottom0___value, index "), found::toString);
        assertEquals(backends.size(), failures(OpCheck.everything(OpCase.of(new Cube(2), Values.distinct(1, 7)))).size());
    }

    @Test
    void everythingFindsALayerThatFailsWithoutAMessageForItsUser() {
        assertEquals(Map.of("bottoms of each rank are taken, or refused with a message/rank 0",
                "phase TRAIN: net [ranks]: "
                + "layer [layer] (Careless), inputs [bottom0: float64[]] failed: java.lang."
                + "ArrayIndexOutOfBoundsException: Index -1 out of bounds for length 0"),
                failures(LayerCheck.everything(new Careless(), Shape.of(2, 3))));
    }
}

package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mocha4j.testkit.Values.distinct;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.neurons.Exponential;
import org.mocha4j.neurons.LReLU;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.neurons.Tanh;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.LayerCase;
import org.mocha4j.testkit.LayerCheck;

/** Neurons on every backend: values and gradients of PyTorch 1.13, kinks and NaN included. */
class NeuronsTest {
    private static final List<Neuron> NEURONS = List.of(new LReLU(), new LReLU(0.3), new ReLU(0.25), new ReLU(-0.5),
            new Tanh(), new Exponential());
    private static final double[] X = {-2, -0.5, 0, 0.25, 1.5, Double.NaN};

    @TestFactory
    Stream<DynamicNode> valuesAndNumericGradients() {
        List<DynamicNode> tests = new ArrayList<>();
        List<Session> open = new ArrayList<>();
        for (Setup b : Backends.all().toList()) {
            Session s = b.open();
            Session trusted = Backends.named("reference").with(b.type()).open();
            open.addAll(List.of(s, trusted));
            LayerCheck check = new LayerCheck(s);
            for (Neuron n : NEURONS) {
                LayerCase c = LayerCase.of(new LayersTest.Activated(n), distinct(1, 2, 5, 3, 3));
                tests.add(DynamicTest.dynamicTest(b + " " + n, () -> check.values(c, Phase.TRAIN, trusted)));
                if (b.type() == DataType.FLOAT64) {
                    tests.add(DynamicTest.dynamicTest(b + " gradients " + n, () -> check.gradients(c)));
                }
            }
        }
        return tests.stream().onClose(() -> open.forEach(Session::close));
    }

    private static void check(Setup b, Neuron n, double[] y, double[] dx) {
        try (Session s = b.open()) {
            Array x = Array.of(Shape.of(X.length), X).as(b.type());
            Array dy = Array.of(Shape.of(X.length), 3.0, 3, 3, 3, 3, 3).as(b.type());
            double tolerance = b.type() == DataType.FLOAT64 ? 1e-14 : 1e-6;
            Closeness.require(b + " " + n, s.evaluate(List.of(x), (g, in) -> List.of(n.apply(g, in.get(0)))).get(0),
                    Array.of(x.shape(), y).as(b.type()), tolerance);
            Closeness.require(b + " gradient " + n, s.gradients(List.of(x), List.of(dy),
                    (g, in) -> List.of(n.apply(g, in.get(0)))).get(0), Array.of(x.shape(), dx).as(b.type()), tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#all")
    void leakyReluTakesTheSlopeAtZeroToo(Setup b) {              // torch.nn.functional.leaky_relu(x, 0.01)
        check(b, new LReLU(), new double[] {-0.02, -0.005, 0, 0.25, 1.5, Double.NaN},
                new double[] {0.03, 0.03, 0.03, 3, 3, 0.03});
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#all")
    void reluWithEpsilonHasNoGradientAtEpsilon(Setup b) {        // threshold(x, 0.25, 0.25), but for NaN
        check(b, new ReLU(0.25), new double[] {0.25, 0.25, 0.25, 0.25, 1.5, Double.NaN},
        new double[] {0, 0, 0, 0, 3, 0});
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#all")
    void tanhAndExponential(Setup b) {                           // torch.tanh, torch.exp and autograd
        check(b, new Tanh(), new double[] {-0.9640275800758169, -0.46211715726000974, 0, 0.24491866240370913,
            0.9051482536448664, Double.NaN}, new double[] {0.2119524745594933, 2.359343198897782, 3, 2.820044546419134,
                0.5421199167709458, Double.NaN});
        check(b, new Exponential(), new double[] {0.1353352832366127, 0.6065306597126334, 1, 1.2840254166877414,
            4.4816890703380645, Double.NaN}, new double[] {0.4060058497098381, 1.8195919791379003, 3, 3.852076250063224,
                13.445067211014194, Double.NaN});
    }

    @Test
    void defaultsAndWrongFields() {
        assertEquals(new LReLU(0.01), new LReLU());
        assertEquals(new ReLU(0.0), new ReLU());
        assertEquals("slope is Infinity; expected: a finite number",
                assertThrows(ConfigurationException.class, () -> new LReLU(Double.POSITIVE_INFINITY)).getMessage());
        assertEquals("epsilon is NaN; expected: a finite number",
                assertThrows(ConfigurationException.class, () -> new ReLU(Double.NaN)).getMessage());
    }
}

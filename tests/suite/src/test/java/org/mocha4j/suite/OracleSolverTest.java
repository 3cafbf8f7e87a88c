package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.neurons.Sigmoid;
import org.mocha4j.neurons.Tanh;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.AdaDelta;
import org.mocha4j.solvers.AdaGrad;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.Nesterov;
import org.mocha4j.solvers.RMSProp;
import org.mocha4j.solvers.SGD;
import org.mocha4j.suite.oracle.OracleFile.Case;
import org.mocha4j.testkit.Closeness;

/** Twenty steps of every solver on a small net equal those of PyTorch's optimiser. */
class OracleSolverTest {
    private static final double TOLERANCE = 1e-9;
    private static final Map<String, String> NAMES = Map.of("w1", "ip1___weight", "b1", "ip1___bias", "w2",
            "ip2___weight",
            "b2", "ip2___bias");

    private static UpdateRule rule(Case c) {
        return switch (c.text("solver")) {
            case "SGD" -> new SGD(c.real("momentum"));
            case "Nesterov" -> new Nesterov(c.real("momentum"));
            case "AdaGrad" -> new AdaGrad();
            case "AdaDelta" -> new AdaDelta();
            case "RMSProp" -> new RMSProp();
            case "Adam" -> new Adam();
            default -> throw new IllegalArgumentException(c.toString());
        };
    }

    private static Neuron neuron(Case c) {
        return switch (c.text("neuron")) {
            case "Sigmoid" -> new Sigmoid();
            case "Tanh" -> new Tanh();
            case "ReLU" -> new ReLU();
            default -> throw new IllegalArgumentException(c.toString());
        };
    }

    private static HostTensor tensor(Case c, String name) {
        return SmallNet.tensor(OracleTest.array(c.input(name), DataType.FLOAT64), DataType.FLOAT64);
    }

    private static void train(Session s, Case c) {
        Array x = OracleTest.array(c.input("x0"), DataType.FLOAT64);
        Array label = OracleTest.array(c.input("label0"), DataType.FLOAT64);
        List<Node> nodes = List.of(Node.source("data", new MemoryData(x.shape().dim(0), x, label), "x", "label"),
                Node.of("ip1", new InnerProduct(c.integer("units")), "x").with(neuron(c)),
                Node.of("ip2", new InnerProduct(c.expect("b2").data().length), "ip1"),
                Node.sink("loss", new SoftmaxLoss(), "ip2", "label"));
        TrainingOptions o = new TrainingOptions(rule(c), c.real("regularization"), Policy.of(c.real("rate")), List.of(),
                1);
        List<Double> objectives = new ArrayList<>();
        try (Net net = s.net("oracle", Phase.TRAIN, nodes); Training t = net.training(o)) {
            NAMES.forEach((n, ours) -> net.parameters().write(ours, OracleTest.array(c.input(n), DataType.FLOAT64)));
            for (int i = 0; i < c.integer("steps"); i++) {
                t.accumulate(List.of(List.of(tensor(c, "x" + i % 3), tensor(c, "label" + i % 3))), i, 0);
                objectives.add(t.objective());
                t.apply(i);
            }
            for (int i = 0; i < objectives.size(); i++) {
                assertEquals(c.expect("objectives").data()[i], objectives.get(i), TOLERANCE, c + ": objective " + i);
            }
            NAMES.forEach((n, ours) -> Closeness.require(s.backend() + " " + c + ": " + n, net.parameters().read(ours),
                    OracleTest.array(c.expect(n), DataType.FLOAT64), TOLERANCE));
        }
    }

    @TestFactory
    Stream<DynamicNode> twentyStepsOnASmallNet() throws IOException {
        return OracleTrainingTest.tests(Backends.twofold(), "solver_net", OracleSolverTest::train);
    }
}

package org.mocha4j.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.regularizers.L2;
import org.mocha4j.runtime.Execution;
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
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.suite.oracle.OracleFile;
import org.mocha4j.suite.oracle.OracleFile.Case;
import org.mocha4j.testkit.Closeness;

/** Solvers and the running statistics of batch normalisation give what PyTorch gives, in a training net. */
class OracleTrainingTest {
    /** Numbers by iteration. */
    record Listed(List<Double> values) implements Policy {
        static Listed of(double[] v) {
            return new Listed(Arrays.stream(v).boxed().toList());
        }

        @Override
        public double at(long iteration) {
            return values.get((int) Math.min(iteration, values.size() - 1));
        }
    }

    /** 1 at one iteration, else 0. */
    record At(long when) implements Policy {
        @Override
        public double at(long iteration) {
            return iteration == when ? 1 : 0;
        }
    }

    record Given(Array value) implements Initializer {
        @Override
        public void fill(HostTensor t, RandomStream random) {
            value.copyTo(t);
        }
    }

    /** A parameter w whose gradient at iteration t is the t-th of a list. */
    record Pulled(Array start, List<Array> gradients, double coefficient) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            Param p = new Param(new Given(start), new L2(coefficient), null, 1.0);
            Value w = g.parameter("w", start.shape(), p);
            for (int t = 0; t < gradients.size(); t++) {
                Value pull = Ops.sumAll(g, Ops.multiply(g, w, g.constant(gradients.get(t).as(g.type()))));
                g.loss(Ops.multiply(g, g.scalar("at" + t, new At(t)), pull), 1);
            }
            return List.of();
        }
    }

    /** Gives a constant and has an objective. */
    record Fixed(Array value) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            if (!inputs.isEmpty()) {
                g.loss(Ops.sumAll(g, inputs.get(0)), 1);
                return List.of();
            }
            return List.of(g.constant(value.as(g.type())));
        }
    }

    private static Stream<DynamicNode> tests(String kind, BiConsumer<Session, Case> check) throws IOException {
        return tests(Backends.all(), kind, check);
    }

    static Stream<DynamicNode> tests(Stream<Setup> backends, String kind, BiConsumer<Session, Case> check)
            throws IOException {
        List<Session> open = new ArrayList<>();
        List<DynamicNode> tests = new ArrayList<>();
        for (Setup b : backends.toList()) {
            Session s = b.open();
            open.add(s);
            for (Case c : OracleFile.read(kind)) {
                tests.add(DynamicTest.dynamicTest(b + " " + c, () -> check.accept(s, c)));
            }
        }
        return tests.stream().onClose(() -> open.forEach(Session::close));
    }

    private static void require(Session s, Case c, String name, Array found) {
        Array expected = OracleTest.array(c.expect(name), s.type());
        Closeness.require(s.backend() + " " + s.type() + " " + c + ": " + name, found.reshape(expected.shape()),
                expected, s.type() == DataType.FLOAT32 ? 2e-5 : 1e-11);
    }

    private static void train(Session s, Case c, UpdateRule rule, List<String[]> slots) {
        List<Array> gradients = new ArrayList<>();
        for (int t = 0; t < c.integer("steps"); t++) {
            gradients.add(OracleTest.array(c.input("g" + t), DataType.FLOAT64));
        }
        Layer layer = new Pulled(OracleTest.array(c.input("w0"), DataType.FLOAT64), gradients, c.real("coefficient"));
        TrainingOptions o = new TrainingOptions(rule, c.real("globalCoefficient"), Listed.of(c.reals("rates")),
                List.of(), 1);
        try (Net net = s.net("oracle", Phase.TRAIN, List.of(Node.sink("layer", layer))); Training t = net.training(o)) {
            for (int i = 0; i < gradients.size(); i++) {
                t.accumulate(List.of(), i, 0);
                t.apply(i);
                require(s, c, "w" + (i + 1), net.parameters().read("layer___w"));
                for (String[] slot : slots) {
                    String expected = slot[1].equals("h") ? "h" + (i + 1) : slot[1];
                    if (c.expected().containsKey(expected) && (slot[1].equals("h") || i + 1 == gradients.size())) {
                        require(s, c, expected, t.slots().read("layer___w___" + slot[0]));
                    }
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicNode> sgd() throws IOException {
        return tests("sgd", (s, c) -> train(s, c, new SGD(Listed.of(c.reals("momenta"))),
                List.<String[]>of(new String[] {"momentum", "h"})));
    }

    @TestFactory
    Stream<DynamicNode> adam() throws IOException {
        return tests("adam", (s, c) -> train(s, c, new Adam(c.real("beta1"), c.real("beta2"), c.real("epsilon"), false),
                List.of(new String[] {"moment1", "m"}, new String[] {"moment2", "v"})));
    }

    @TestFactory
    Stream<DynamicNode> nesterov() throws IOException {
        return tests("nesterov", (s, c) -> train(s, c, new Nesterov(Listed.of(c.reals("momenta"))),
                List.<String[]>of(new String[] {"momentum", "h"})));
    }

    @TestFactory
    Stream<DynamicNode> adaGrad() throws IOException {
        return tests("adagrad", (s, c) -> train(s, c, new AdaGrad(c.real("epsilon"), false),
                List.<String[]>of(new String[] {"squares", "squares"})));
    }

    @TestFactory
    Stream<DynamicNode> adaDelta() throws IOException {
        return tests("adadelta", (s, c) -> train(s, c, new AdaDelta(c.real("rho"), c.real("epsilon"), false),
                List.of(new String[] {"squares", "squares"}, new String[] {"steps", "steps"})));
    }

    @TestFactory
    Stream<DynamicNode> rmsProp() throws IOException {
        return tests("rmsprop", (s, c) -> train(s, c, new RMSProp(c.real("decay"), c.real("epsilon"), false),
                List.<String[]>of(new String[] {"squares", "squares"})));
    }

    private static List<Node> normalised(Case c, double momentum) {
        return List.of(Node.source("x", new Fixed(OracleTest.array(c.input("x"), DataType.FLOAT64)), "x"),
                Node.of("norm", new BatchNorm(c.real("eps"), momentum, true), "x", "y"),
                new Node("loss", new Fixed(Array.scalar(DataType.FLOAT64, 0)), List.of("y"), null, null, Phase.TRAIN,
                        null));
    }

    private static void write(Net net, Case c) {
        net.parameters().write("norm___scale", OracleTest.array(c.input("scale"), DataType.FLOAT64));
        net.parameters().write("norm___shift", OracleTest.array(c.input("shift"), DataType.FLOAT64));
        net.parameters().write("norm___mean", OracleTest.array(c.input("runningMean"), DataType.FLOAT64));
        net.parameters().write("norm___variance", OracleTest.array(c.input("runningVar"), DataType.FLOAT64));
    }

    @TestFactory
    Stream<DynamicNode> runningStatistics() throws IOException {
        return tests("batch_norm", (s, c) -> {
            try (Net net = s.net("oracle", Phase.TRAIN, normalised(c, 1 - c.real("momentum")));
                 Training t = net.training(TrainingOptions.of(new SGD(0), 0))) {
                write(net, c);
                t.accumulate(List.of(), 0, 0);
                t.apply(0);
                require(s, c, "newRunningMean", net.parameters().read("norm___mean"));
                require(s, c, "newRunningVar", net.parameters().read("norm___variance"));
            }
        });
    }

    @TestFactory
    Stream<DynamicNode> theTestPhaseUsesTheRunningStatistics() throws IOException {
        return tests("batch_norm_test", (s, c) -> {
            try (Net net = s.net("oracle", Phase.TEST, normalised(c, 0.9)); Execution e = net.execution()) {
                write(net, c);
                e.run(0);
                require(s, c, "y", e.read("y").toArray());
                Closeness.require("the running mean is left alone", net.parameters().read("norm___mean"),
                        OracleTest.array(c.input("runningMean"), s.type()), 0);
            }
        });
    }
}

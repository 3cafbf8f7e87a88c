package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.Op1;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.Values;

/** Parameters shared by programs, executions side by side, places in messages, on every backend. */
class RuntimeTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    /** A convolution in the training phase; in the test phase the sum of e^filter, which wants the filter plain. */
    record TwoFaced() implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            Value w = g.parameter("filter", Shape.of(5, 1, 3, 3), new org.mocha4j.api.Param((t, r) -> t.fill(0.1), null,
                    null, 1.0));
            if (g.phase() == Phase.TEST) {
                return List.of(Ops.sumAll(g, Ops.exp(g, w)));
            }
            g.loss(Ops.sumAll(g, g.op(new Convolution(Window.of(3), 1), inputs.get(0), w)), 1);
            return List.of(inputs.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aTestProgramSeesEachUpdateAlsoThroughItsCopiesInOtherLayouts(Setup b) {
        MemoryData data = new MemoryData(SmallNet.SAMPLES, SmallNet.IMAGES, SmallNet.LABELS);
        List<Node> nodes = List.of(Node.source("data", data, "data", "label"),
                Node.of("two", new TwoFaced(), "data", "out"));
        try (Session s = b.open(); Net train = s.net("train", Phase.TRAIN, nodes);
             Training t = train.training(TrainingOptions.of(new SGD(0), 0.001));
             Net test = s.net("test", Phase.TEST, nodes); Execution e = test.execution()) {
            for (int i = 0; i < 3; i++) {
                t.accumulate(SmallNet.batch(b.type()), i, 0);
                t.apply(i);
                e.run(0);
                e.run(0);
                Array w = test.parameters().read("two___filter");
                double sum = 0;
                for (int k = 0; k < w.elements(); k++) {
                    sum += Math.exp(w.at(k));
                }
                assertEquals(sum, e.read("out").get(0), 1e-4 * sum, "after update " + i);
                test.parameters().write("two___filter", Array.filled(w.spec(), 0.2 + i));
                e.run(0);
                sum = 45 * Math.exp(0.2 + i);
                assertEquals(sum, e.read("out").get(0), 1e-4 * sum, "after a write");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void eightThreadsGetWhatEachGetsAlone(Setup b) throws Exception {
        try (Session s = b.open(); Net net = s.net("small", Phase.TEST, SmallNet.nodes())) {
            List<Array> inputs = new ArrayList<>();
            List<Array> alone = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                inputs.add(Values.distinct(i, 3, 1, 9, 10).as(b.type()));
                alone.add(infer(net, inputs.get(i), 1));
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<Array>> together = new ArrayList<>();
                inputs.forEach(x -> together.add(threads.submit(() -> infer(net, x, 20))));
                for (int i = 0; i < 8; i++) {
                    assertEquals(alone.get(i), together.get(i).get(), "thread " + i);
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    private static Array infer(Net net, Array x, int times) {
        try (Execution e = net.inference(Map.of("data", x.shape()), List.of("ip2"))) {
            for (int i = 0; i < times; i++) {
                e.set("data", x);
                e.run(i);
            }
            return e.read("ip2").toArray();
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aBadLabelOfAnImageIsNamedWithSampleAndPlace(Setup b) {
        Array scores = Values.distinct(1, 2, 3, 2, 2);
        Array labels = Values.of(Shape.of(2, 1, 2, 2), 0, 1, 2, 0, 1, 2, 7, 0);
        List<Node> nodes = List.of(Node.source("data", new MemoryData(2, scores, labels), "x", "label"),
                Node.of("conv", new org.mocha4j.layers.Convolution(3, Window.of(1)), "x", "y"),
                Node.sink("loss", new SoftmaxLoss(), "y", "label"));
        try (Session s = b.open(); Net net = s.net("places", Phase.TRAIN, nodes);
             Training t = net.training(TrainingOptions.of(new SGD(0), 0.1))) {
            List<List<HostTensor>> batch = List.of(List.of(SmallNet.tensor(scores, b.type()),
                    SmallNet.tensor(labels, b.type())));
            t.accumulate(batch, 5, 0);
            t.apply(5);
            assertEquals("net [places], iteration 5: layer [loss]: label 7 of sample 1, place 2 is no class; expected: "
                    + "a whole number from 0 to the number of classes - 1; the parameters are those of the last good "
                    + "iteration", t.explain(t.status().orElseThrow(), batch, 5).getMessage());
        }
    }

    /** An op that nothing runs. */
    record Riddle() implements Op1 {
        @Override
        public Spec infer(Spec x) {
            return x;
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void anOpThatNothingRunsIsAnErrorThatSaysWhatWasTried(Setup b) {
        try (Session s = b.open()) {
            String text = assertThrows(PlanException.class, () -> s.evaluate(List.of(Array.iota(b.type(), 3)),
                    (g, x) -> List.of(g.op(new Riddle(), x.get(0))))).getMessage();
            assertTrue(text.contains("nothing runs Riddle[] of inputs [" + Spec.of(b.type(), 3) + "] on "
                    + s.device().description() + "; kernels: none; no decomposition; no host kernel"), text);
        }
    }

    @Test
    void explainSaysWhyOddDecomposedAnOp() {
        List<Node> nodes = List.of(Node.source("data", new MemoryData(2, Values.distinct(1, 2, 4, 5, 5)), "x"),
                Node.of("grouped", new org.mocha4j.layers.Convolution(4, Window.of(3), 2, null, null, false), "x",
                "y"));
        try (Session s = Backends.named("odd").open(); Net net = s.net("groups", Phase.TEST, nodes);
             Execution e = net.execution()) {
            assertEquals(List.of("Convolution decomposed, OddKernel: groups must be 1, found 2"), e.explain().stream()
                    .filter(i -> i.op().equals("MatMul")).findFirst().orElseThrow().refusals());
        }
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#twofold")
    void inferenceWithAnotherBatchEqualsTheSameSamplesInATrainingNet(Setup b) {
        try (Session s = b.open(); Net train = s.net("small", Phase.TRAIN, SmallNet.nodes());
             Execution whole = train.execution("ip2")) {
            whole.load(SmallNet.batch(b.type()));
            whole.run(0);
            Array all = whole.read("ip2").toArray();
            Array one = infer(train, Array.of(Shape.of(1, 1, 9, 10),
                    java.util.Arrays.copyOf(SmallNet.IMAGES.toDoubles(), 90)), 1);
            Closeness.require("first sample", one,
                    Array.of(Shape.of(1, 3), java.util.Arrays.copyOf(all.toDoubles(), 3)), 1e-12);
        }
    }
}

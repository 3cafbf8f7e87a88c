package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Op;
import org.mocha4j.api.Phase;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.api.backend.Offer;
import org.mocha4j.api.backend.PlainPlan;
import org.mocha4j.api.backend.PlanRequest;
import org.mocha4j.api.backend.Refusal;
import org.mocha4j.api.ops.Op1;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.Accuracy;
import org.mocha4j.layers.BatchNorm;
import org.mocha4j.layers.InnerProduct;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.layers.SoftmaxLoss;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.runtime.train.Validation;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.SGD;

/** What goes wrong while running or planning: nothing is written, and the message says where. */
class FailureTest {
    private static final String GOOD = "; the parameters are those of the last good iteration";

    private static List<Node> net() {
        List<Node> nodes = new ArrayList<>(Rig.lenet(4));
        nodes.add(5, Node.of("norm", new BatchNorm(), "ip1", "ip1"));
        nodes.set(6, Node.of("ip2", new InnerProduct(4), "ip1", "ip2"));
        return nodes;
    }

    /** Trains well twice, breaks something, and expects that a failing step changes no bit; returns the message. */
    private static String failing(String backend, int accumulate, boolean adam, Consumer<Net> breaking,
                                  Consumer<List<List<HostTensor>>> spoiling) {
        try (Session s = Rig.open(backend); Net net = s.net("net", Phase.TRAIN, net());
                Training t = net.training(new TrainingOptions(adam ? new Adam() : new SGD(0.9), 0.01,
                        org.mocha4j.api.Policy.of(0.01), List.of(), accumulate))) {
            List<List<HostTensor>> good = Rig.batch(net);
            int step = 0;
            for (int i = 0; i < 2; i++) {
                for (int k = 0; k < accumulate; k++) {
                    t.accumulate(good, step++, k);
                }
                t.apply(i);
            }
            assertFalse(t.failed());
            breaking.accept(net);
            Map<String, Array> parameters = Rig.all(net.parameters());
            Map<String, Array> slots = Rig.all(t.slots());
            List<List<HostTensor>> bad = Rig.batch(net);
            spoiling.accept(bad);
            t.accumulate(bad, step, 0);
            Optional<StatusReport> first = t.status();
            for (int k = 1; k < accumulate; k++) {
                t.accumulate(good, step + k, k);
            }
            t.apply(2);
            assertEquals(first, t.status(), "the first report stays");
            assertEquals(step, first.orElseThrow().step());
            assertEquals(parameters, Rig.all(net.parameters()));
            assertEquals(slots, Rig.all(t.slots()));
            String message = t.explain(first.get(), bad, step).getMessage();
            t.clearStatus();
            assertTrue(t.status().isEmpty());
            return message;
        }
    }

    private static void changed(String backend) {
        try (Session s = Rig.open(backend); Net net = s.net("net", Phase.TRAIN, net());
                Training t = net.training(TrainingOptions.of(new SGD(0.9), 0.01))) {
            Map<String, Array> before = Rig.all(net.parameters());
            t.accumulate(Rig.batch(net), 0, 0);
            t.apply(0);
            Rig.all(net.parameters()).forEach((n, a) -> assertFalse(a.equals(before.get(n))
                    && !n.endsWith("conv2___bias")
                    && !n.equals("ip1___bias"), n + " is trained"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aBadLabelChangesNothingAndIsNamed(String backend) {
        changed(backend);
        for (int accumulate : new int[] {1, 3}) {
            assertEquals("net [net], iteration 2: layer [loss]: label 9 of sample 3 is no class; expected: a whole "
                    + "number from 0"
                    + " to the number of classes - 1" + GOOD, failing(backend, accumulate, false, n -> { },
                    b -> b.get(0).get(1).set(3, 9)));
        }
        assertEquals("net [net], iteration 2: layer [loss]: label 1.5 of sample 0 is no class; expected: a whole "
                + "number from 0"
                + " to the number of classes - 1" + GOOD, failing(backend, 1, true, n -> { },
                b -> b.get(0).get(1).set(0, 1.5)));
    }

    /** Alone, or beside a loss, which is first to see the label. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aBadLabelInAValidationIsNamedByItsPlaceInTheData(String backend) {
        Array x = Array.filled(Spec.of(DataType.FLOAT32, 10, 3), 1);
        HostTensor labels = HostTensor.allocate(Spec.of(DataType.FLOAT32, 10, 1));
        labels.set(9, 7);
        List<Node> nodes = new ArrayList<>(List.of(Rig.node("digits", new MemoryData(4, x, labels.toArray()), List.of(),
                "data", "label"), Node.of("ip", new InnerProduct(5), "data", "ip"),
                Node.sink("accuracy", new Accuracy(), "ip", "label")));
        for (String layer : List.of("accuracy", "loss")) {
            try (Session s = Rig.open(backend)) {
                try (Net net = s.net("net", Phase.TEST, nodes); Validation v = new Validation(net)) {
                    assertEquals("net [net], batch 2 of a validation: layer [" + layer
                            + "]: label 7 of sample 9 of digits"
                            + " is no class; expected: a whole number from 0 to the number of classes - 1",
                            assertThrows(DataException.class, v::run).getMessage());
                }
                assertEquals(0, s.liveBytes());
            }
            nodes.add(2, Node.sink("loss", new SoftmaxLoss(), "ip", "label"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void notANumberInTheDataIsTracedToIt(String backend) {
        assertEquals("net [net], iteration 2: layer [conv] reads data/0, which holds a value that is not finite: the "
                + "objective"
                + " is NaN" + GOOD, failing(backend, 1, false, n -> { }, b -> b.get(0).get(0).fill(Double.NaN)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void notANumberInAParameterIsTracedToIt(String backend) {
        assertEquals("net [net], iteration 2: layer [ip1] reads ip1___weight, which holds a value that is not finite: "
                + "the"
                + " objective is NaN" + GOOD, failing(backend, 1, true, n -> n.parameters().write("ip1___weight",
                Array.filled(n.parameters().spec("ip1___weight"), Double.NaN)), b -> { }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theFirstLayerThatProducedItIsNamed(String backend) {
        assertEquals("net [net], iteration 2: layer [conv2] produced the first value that is not finite, in "
                + "Convolution: the"
                + " objective is NaN" + GOOD, failing(backend, 1, false, n -> n.parameters().write("conv2___filter",
                Array.filled(n.parameters().spec("conv2___filter"), 3e38)), b -> { }));
    }

    /** Throws when it runs, or lacks something. */
    private record Own(String what) implements Op1 {
        @Override
        public Spec infer(Spec x) {
            return x;
        }

        @Override
        public Optional<List<Value>> decompose(Graph g, List<Value> in) {
            return what.equals("endless") ? Optional.of(List.of(g.op(this, Ops.affine(g, in.get(0), 2, 0))))
                    : Optional.empty();
        }

        @Override
        public Optional<HostKernel> hostKernel() {
            return what.equals("throws") ? Optional.of((in, out) -> {
                throw new IllegalStateException("broken");
            }) : Optional.empty();
        }
    }

    /** A kernel of a third party for {@link Own}. */
    private record OwnKernel(String behaviour) implements Kernel<Own> {
        @Override
        public Class<Own> op() {
            return Own.class;
        }

        @Override
        public Offer plan(Own op, PlanRequest r) {
            return switch (behaviour) {
                case "refuses" -> new Refusal("the moon is full");
                case "throws" -> throw new IllegalStateException("broken");
                case "null" -> null;
                default -> new PlainPlan("wrong", 2, 1, org.mocha4j.api.backend.Workspace.NONE, -1, b -> () -> { });
            };
        }
    }

    private static String planning(String backend, String what, OwnKernel... kernels) {
        List<Node> nodes = List.of(Rig.data(2, 1, 1, 3, 2), Rig.node("mine",
                (g, in) -> List.of(g.op(new Own(what), in.get(0))),
                List.of("data"), "y"));
        try (Session s = Rig.open(backend, DataType.FLOAT32, true, kernels); Net n = s.net("n", Phase.TEST, nodes)) {
            return assertThrows(PlanException.class, n::execution).getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void anOpThatNothingRunsIsAnErrorWithEveryRefusal(String backend) {
        String device;
        try (Session s = Rig.open(backend)) {
            device = s.device().description();
        }
        assertEquals("layer [mine]: nothing runs Own[what=] of inputs [float32[2, 1, 1, 3]] on " + device
                + "; kernels: none; no decomposition; no host kernel", planning(backend, ""));
        assertEquals("layer [mine]: nothing runs Own[what=] of inputs [float32[2, 1, 1, 3]] on " + device
                + "; kernels: OwnKernel: the moon is full; OwnKernel: the moon is full; no decomposition; no host "
                        + "kernel",
                planning(backend, "", new OwnKernel("refuses"), new OwnKernel("refuses")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void brokenKernelsAreNamed(String backend) {
        String kernel = "kernel " + OwnKernel.class.getName();
        assertEquals(kernel + " failed to plan Own[what=] for [float32[2, 1, 1, 3]]: broken",
                planning(backend, "", new OwnKernel("throws")));
        assertEquals(kernel + " failed to plan Own[what=] for [float32[2, 1, 1, 3]]: it returned null; expected: a "
                + "plan or a"
                + " refusal", planning(backend, "", new OwnKernel("null")));
        assertEquals(kernel + " plans 2 inputs and 1 outputs; Own[what=] has 1 and 1",
                planning(backend, "", new OwnKernel("sizes")));
        assertEquals("layer [mine]: the decomposition of Own[what=endless] does not end; it must use simpler ops only",
                planning(backend, "endless"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aHostKernelThatThrowsIsNamedWithItsLayer(String backend) {
        List<Node> nodes = List.of(Rig.data(2, 1, 1, 3, 2), Rig.node("mine", (g, in) -> List.of(g.op(new Own("throws"),
                in.get(0))), List.of("data"), "y"));
        try (Session s = Rig.open(backend); Net n = s.net("n", Phase.TEST, nodes); var e = n.execution()) {
            e.load(Rig.batch(n));
            assertEquals("layer [mine]: the host kernel of Own[what=throws] failed: java.lang.IllegalStateException: "
                    + "broken",
                    assertThrows(DeviceException.class, () -> e.run(0)).getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aTensorOfAnotherSpecIsRefused(String backend) {
        try (Session s = Rig.open(backend); Net n = s.net("n", Phase.TEST, Rig.lenet(4).subList(0, 6));
                var e = n.inference(Map.of("data", Shape.of(2, 3, 9, 9)), List.of("ip2"))) {
            assertEquals("[data] takes float32[2, 3, 9, 9], found float32[1, 3, 9, 9]",
                    assertThrows(org.mocha4j.api.ShapeException.class,
                            () -> e.set("data", HostTensor.allocate(Spec.of(DataType.FLOAT32, 1, 3, 9, 9))))
                            .getMessage());
            assertEquals("[ip2___bias] is float32[4], found a value of shape [5]",
                    assertThrows(org.mocha4j.api.ShapeException.class, () -> n.parameters().write("ip2___bias",
                            Array.filled(Spec.of(DataType.FLOAT32, 5), 0))).getMessage());
        }
    }
}

package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.odd.OddDevice;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.ClipByGlobalNorm;
import org.mocha4j.solvers.SGD;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.testkit.Closeness;
import org.mocha4j.testkit.Values;

/** Training of a small net: the same on every backend, fused or not; updates only while all is well. */
class TrainingTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static TrainingOptions options(UpdateRule rule, int accumulate) {
        return new TrainingOptions(rule, 0.01, Policy.of(0.1), List.of(new ClipByGlobalNorm(0.8)), accumulate);
    }

    /** Parameters after some steps, then the objectives. */
    private static Map<String, Array> train(Session s, UpdateRule rule, int steps) {
        try (Net net = s.net("small", Phase.TRAIN, SmallNet.nodes()); Training t = net.training(options(rule, 1))) {
            List<List<HostTensor>> batch = SmallNet.batch(s.type());
            double[] objectives = new double[steps];
            for (int i = 0; i < steps; i++) {
                t.accumulate(batch, i, 0);
                t.apply(i);
                objectives[i] = t.objective();
            }
            assertTrue(objectives[steps - 1] < objectives[0]);
            Map<String, Array> result = parameters(net);
            result.put("objectives", Array.of(org.mocha4j.api.Shape.of(steps), objectives));
            return result;
        }
    }

    private static Map<String, Array> parameters(Net net) {
        Map<String, Array> p = new LinkedHashMap<>();
        net.parameters().names().forEach(n -> p.put(n, net.parameters().read(n)));
        return p;
    }

    private static void same(String what, Map<String, Array> found, Map<String, Array> expected, double tolerance) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((n, e) -> Closeness.require(what + ": " + n, found.get(n), e, tolerance));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void everyBackendTrainsAsTheReferenceDoes(Setup b) {
        for (UpdateRule rule : List.of(new SGD(0.9), new Adam(null, null, 1e-3, null))) {
            Map<String, Array> expected;
            try (Session s = Backends.named("reference").with(b.type()).open()) {
                expected = train(s, rule, 6);
            }
            try (Session s = b.open()) {
                same(b + " " + rule, train(s, rule, 6), expected, b.type() == DataType.FLOAT64 ? 1e-10 : 2e-3);
                s.close();
                assertEquals(0, s.liveBytes());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void fusionChangesNothingButRounding(Setup b) {
        try (Session fused = b.open(); Session plain = b.fuse(false).open()) {
            same(b.toString(), train(fused, new SGD(0.9), 6), train(plain, new SGD(0.9), 6),
                    b.type() == DataType.FLOAT64 ? 1e-10 : 2e-3);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theSameSeedGivesTheSameBits(Setup b) {
        try (Session one = b.open(); Session two = b.open()) {
            same(b.toString(), train(one, new Adam(), 4), train(two, new Adam(), 4), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#twofold")
    void twoBatchesPerUpdateGiveTheMeanOfTheirGradients(Setup b) {
        try (Session s = b.open()) {
            Map<String, Array> once = train(s, new SGD(0.9), 2);
            try (Net net = s.net("small", Phase.TRAIN, SmallNet.nodes());
                 Training t = net.training(options(new SGD(0.9), 2))) {
                for (int i = 0; i < 2; i++) {
                    t.accumulate(SmallNet.batch(b.type()), 2 * i, 0);
                    t.accumulate(SmallNet.batch(b.type()), 2 * i + 1, 1);
                    t.apply(i);
                }
                once.remove("objectives");
                same(b.toString(), parameters(net), once, 1e-12);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aBadLabelLeavesEveryParameterAndNamesSampleAndValue(Setup b) {
        badLabel(b, new SGD(0.9), "momentum");
        badLabel(b, new Adam(), "moment2");
    }

    private static void badLabel(Setup b, UpdateRule rule, String kept) {
        try (Session s = b.open(); Net net = s.net("small", Phase.TRAIN, SmallNet.nodes());
             Training t = net.training(options(rule, 1))) {
            t.accumulate(SmallNet.batch(b.type()), 0, 0);
            t.apply(0);
            Map<String, Array> before = parameters(net);
            Array slot = t.slots().read("conv2___filter___" + kept);
            Array labels = Values.of(SmallNet.LABELS.shape(), 0, 1, 2, 1, 3, -1);
            List<List<HostTensor>> bad = SmallNet.batch(b.type(), labels);
            t.accumulate(bad, 1, 0);
            t.apply(1);
            t.accumulate(SmallNet.batch(b.type()), 2, 0);
            t.apply(2);
            assertTrue(t.failed());
            StatusReport r = t.status().orElseThrow();
            assertEquals("net [small], iteration 1: layer [loss]: label 3 of sample 4 is no class; expected: a whole "
                    + "number from 0 to the number of classes - 1; the parameters are those of the last good iteration",
                    t.explain(r, bad, 1).getMessage());
            same("after a bad label", parameters(net), before, 0);
            Closeness.require("slot", t.slots().read("conv2___filter___" + kept), slot, 0);
            t.clearStatus();
            t.accumulate(SmallNet.batch(b.type()), 3, 0);
            t.apply(3);
            assertTrue(!t.failed() && !parameters(net).get("ip2___bias").equals(before.get("ip2___bias")));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aParameterThatIsNotFiniteIsNamedAndNothingIsUpdated(Setup b) {
        try (Session s = b.open(); Net net = s.net("small", Phase.TRAIN, SmallNet.nodes());
             Training t = net.training(options(new SGD(0.9), 1))) {
            Array w = net.parameters().read("ip1___weight");
            HostTensor broken = SmallNet.tensor(w, b.type());
            broken.set(3, Double.NaN);
            net.parameters().write("ip1___weight", broken.toArray());
            Map<String, Array> before = parameters(net);
            t.accumulate(SmallNet.batch(b.type()), 0, 0);
            t.apply(0);
            String text = t.explain(t.status().orElseThrow(), SmallNet.batch(b.type()), 0).getMessage();
            assertTrue(text.startsWith("net [small], iteration 0: layer [ip1]") && text.contains("ip1___weight"), text);
            same("after NaN", parameters(net), before, 0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aTestProgramWritesNothingAndCountsValidSamplesOnly(Setup b) {
        try (Session s = b.open(); Net net = s.net("small", Phase.TEST, SmallNet.nodes());
             Execution e = net.execution()) {
            assertEquals(List.of(), e.writes());
            e.load(SmallNet.batch(b.type()));
            e.run(0);
            e.valid(4);
            e.run(1);
            String text = e.measurements().get(0).measurement().text();
            assertTrue(text.startsWith("Accuracy (avg over 10) = "), text);
        }
    }

    @Test
    void aStepOfOddIsOneCallForEachProgram() {
        Setup odd = Backends.named("odd");
        try (Session s = odd.open(); Net net = s.net("small", Phase.TRAIN, SmallNet.nodes());
             Training t = net.training(options(new SGD(0.9), 1))) {
            OddDevice device = (OddDevice) s.device();
            for (int i = 0; i < 4; i++) {
                long before = device.calls();
                t.accumulate(SmallNet.batch(s.type()), i, 0);
                long between = device.calls();
                t.apply(i);
                assertEquals(1, between - before, "calls of accumulate in step " + i);
                assertEquals(1, device.calls() - between, "calls of apply in step " + i);
            }
        }
    }

    @Test
    void oddUsesItsLayoutsSavedPositionsFusionAndUpdatesInPlace() {
        try (Session s = Backends.named("odd").open(); Net net = s.net("small", Phase.TRAIN, SmallNet.nodes());
             Training t = net.training(options(new SGD(0.9), 1));
             Net test = s.net("test", Phase.TEST, SmallNet.nodes()); Execution e = test.execution()) {
            List<StepInfo> steps = t.explain().get("accumulate");
            List<String> conv1 = steps.stream().filter(i -> "conv1".equals(i.layer())).map(StepInfo::kernel).toList();
            assertTrue(conv1.contains("direct+bias+relu"), conv1::toString);
            assertTrue(kernels(steps, "PoolingGradient").contains("max gradient"), steps::toString);
            assertTrue(kernels(steps, "Pooling").contains("max, saves positions"), steps::toString);
            assertTrue(kernels(e.explain(), "Pooling").contains("max"), () -> e.explain().toString());
            List<StepInfo> apply = t.explain().get("apply");
            List<StepInfo> updates = apply.stream().filter(i -> i.op().equals("SgdUpdate")).toList();
            assertEquals(8, updates.size());
            assertEquals(2, updates.stream().filter(i -> i.layouts().get(0).endsWith("hwc4f")).count(),
                    apply::toString);
            assertEquals(List.of(), apply.stream().filter(i -> i.op().equals("Commit")).toList(), "all are in place");
            assertEquals(List.of(), steps.stream().filter(i -> i.op().startsWith("Softmax")).toList(),
                    "odd has no kernel for it");
            assertEquals(0, steps.stream().filter(i -> i.op().equals("reorder")
                    && i.layouts().toString().contains("hwc4f")).count(), () -> "filters are not reordered: " + steps);
        }
    }

    private static List<String> kernels(List<StepInfo> steps, String op) {
        return steps.stream().filter(i -> i.op().equals(op)).map(StepInfo::kernel).toList();
    }

    @Test
    void dropoutDropsTheSameElementsOnEveryBackendAndInBothDirections() {
        List<List<Array>> runs = new ArrayList<>();
        for (Setup b : Backends.backends()) {
            try (Session s = b.open()) {
                Array x = Values.distinct(1, 2, 5, 3, 7).as(b.type());
                List<Array> steps = new ArrayList<>();
                for (int step = 0; step < 3; step++) {
                    steps.add(DropoutRun.mask(s, x, step, false));
                    Array backward = DropoutRun.mask(s, x, step, true);
                    assertEquals(steps.get(step), backward, b + ": the gradient's mask");
                }
                assertTrue(!steps.get(0).equals(steps.get(1)) && !steps.get(1).equals(steps.get(2)));
                runs.add(steps);
            }
        }
        runs.forEach(r -> assertEquals(runs.get(0), r));
    }
}

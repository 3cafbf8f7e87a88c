package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.AdaDelta;
import org.mocha4j.solvers.AdaGrad;
import org.mocha4j.solvers.Adam;
import org.mocha4j.solvers.Linear;
import org.mocha4j.solvers.Nesterov;
import org.mocha4j.solvers.RMSProp;
import org.mocha4j.solvers.SGD;
import org.mocha4j.solvers.Staged;
import org.mocha4j.solvers.Step;

/** What update rules owe their users beside the formula, which is compared with PyTorch in OracleTrainingTest. */
class UpdateRulesTest {
    /** A parameter [3] from 1, 2, 3 whose gradient is 1, 10, 100 in each step. */
    private static List<Node> weights(double localRate) {
        return List.of(Rig.node("n", (g, in) -> {
            Value w = g.parameter("w", Shape.of(3), new Param(new Rig.Values(1, 2, 3), null, null, localRate));
            g.loss(Ops.sumAll(g, Ops.multiply(g, w, g.constant(Array.of(Shape.of(3), 1.0, 10, 100).as(g.type())))), 1);
            return List.of();
        }, List.of()));
    }

    private static List<Array> train(String backend, UpdateRule rule, double localRate, int steps) {
        try (Session s = Rig.open(backend, DataType.FLOAT64, true);
                Net net = s.net("n", Phase.TRAIN, weights(localRate));
                Training t = net.training(TrainingOptions.of(rule, 0.1))) {
            List<Array> seen = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                t.accumulate(List.of(), i, 0);
                t.apply(i);
                seen.add(net.parameters().read("n___w"));
            }
            return seen;
        }
    }

    private static Stream<UpdateRule> adaptive() {
        return Stream.of(new Adam(), new AdaGrad(), new AdaDelta(null, 1e-2, null), new RMSProp());
    }

    private static UpdateRule ignoring(UpdateRule rule) {
        return rule instanceof Adam ? new Adam(null, null, null, true)
                : rule instanceof AdaGrad ? new AdaGrad(null, true)
                : rule instanceof AdaDelta a ? new AdaDelta(null, a.epsilon(), true) : new RMSProp(null, null, true);
    }

    @ParameterizedTest
    @MethodSource("adaptive")
    void localRatesAreHonouredUnlessIgnored(UpdateRule rule) {
        Array one = train("cpu", rule, 1, 1).get(0);
        Array three = train("cpu", rule, 3, 1).get(0);
        assertEquals(one, train("cpu", ignoring(rule), 3, 1).get(0), "ignoreLocalRates, as Mocha");
        for (int i = 0; i < 3; i++) {
            assertEquals(3 * (one.at(i) - (i + 1)), three.at(i) - (i + 1), 1e-12);
            assertTrue(one.at(i) < i + 1);
        }
    }

    /** A fault of Mocha: its second moment never decays, so that steps get smaller and smaller. */
    @Test
    void adamWhoseSecondMomentNeverDecays() {
        List<Array> w = train("cpu", new Adam(), 1, 50);
        for (int i = 0; i < 3; i++) {                            // under a constant gradient both moments are unbiased
            assertEquals(i + 1 - 50 * 0.1, w.get(49).at(i), 1e-6);
        }
    }

    /** A fault of Mocha: one sum of squares, and so one rate, for the whole blob. */
    @Test
    void adaGradWithOneRatePerBlob() {
        List<Array> w = train("cpu", new AdaGrad(), 1, 2);
        for (int i = 0; i < 3; i++) {                            // gradients 1, 10 and 100 make the same steps
            assertEquals(i + 1 - 0.1, w.get(0).at(i), 1e-8);
            assertEquals(i + 1 - 0.1 - 0.1 / Math.sqrt(2), w.get(1).at(i), 1e-8);
        }
    }

    /** A fault of Mocha: its Nesterov needs an argument that nothing gives it. */
    @Test
    void nesterovThatCannotBeConstructed() {
        Array w = train("cpu", new Nesterov(0.5), 1, 2).get(1);
        // h1 = -0.1 g, w1 = w0 + 0.5 h1 - 0.1 g; h2 = 0.5 h1 - 0.1 g, w2 = w1 + 0.5 h2 - 0.1 g: in all -0.325 g
        assertEquals(1 - 0.325, w.at(0), 1e-12);
        assertEquals(3 - 32.5, w.at(2), 1e-12);
        assertEquals(train("cpu", new SGD(0.0), 1, 3), train("cpu", new Nesterov(0.0), 1, 3));
    }

    @Test
    void momentumFollowsItsPolicyOverTheCompletedUpdates() {
        for (Policy p : List.of(new Step(0.5, 1.2, 2, 0.7), new Linear(0.5, 0.1, 2, 0.65), new Staged(List.of(
                new Staged.Stage(2, Policy.of(0.9)), new Staged.Stage(1, Policy.of(0.1)))))) {
            List<Array> sgd = train("cpu", new SGD(p), 1, 6);
            List<Array> nesterov = train("cpu", new Nesterov(p), 1, 6);
            double h = 0;
            double w = 1;
            double v = 1;
            for (int i = 0; i < 6; i++) {
                h = p.at(i) * h - 0.1;
                w += h;
                v += p.at(i) * h - 0.1;
                assertEquals(w, sgd.get(i).at(0), 1e-12, p + " at " + i);
                assertEquals(v, nesterov.get(i).at(0), 1e-12, p + " at " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void anUpdateIsOnePassOverEachParameter(UpdateRule rule) {
        try (Session s = Rig.open("cpu", DataType.FLOAT32, true); Net net = s.net("n", Phase.TRAIN, weights(1));
                Training t = net.training(TrainingOptions.of(rule, 0.1))) {
            List<String> ops = t.explain().get("apply").stream().map(StepInfo::op).toList();
            List<String> expected = new ArrayList<>(List.of("FusedElementwise"));
            expected.addAll(Collections.nCopies(1 + t.slots().names().size(), "Commit"));
            assertEquals(expected, ops.stream().filter(o -> !o.equals("Affine")).toList(),
                    rule + ": one number is not a pass");
        }
    }

    private static Stream<UpdateRule> rules() {
        return Stream.of(new Nesterov(0.9), new AdaGrad(), new AdaDelta(), new RMSProp());
    }
}

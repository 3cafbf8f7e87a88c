package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mocha4j.suite.runtime.Rig.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.Constraint;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.GradientRule;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Slots;
import org.mocha4j.api.Spec;
import org.mocha4j.api.UpdateRule;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Check;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.api.ops.SgdUpdate;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.regularizers.L2;
import org.mocha4j.solvers.SGD;

/** What states and parameters hold after a step, whatever way the runtime found to write them. */
class AssignTest {
    /** A parameter [3] from 1, 2, 3 whose gradient is 1, 10, 100. */
    private static Node weights(Param p) {
        return node("n", (g, in) -> {
            Value w = g.parameter("w", Shape.of(3), p);
            g.loss(Ops.sumAll(g, Ops.multiply(g, w, g.constant(Array.of(Shape.of(3), 1.0, 10, 100)))), 1);
            return List.of();
        }, List.of());
    }

    private static final Param FROM_123 = Rig.param(1, 2, 3);

    private interface Use {
        void with(Net net, Training t);
    }

    private static void train(String backend, List<Node> nodes, TrainingOptions o, Use use) {
        for (boolean fuse : new boolean[] {true, false}) {
            try (Session s = Rig.open(backend, DataType.FLOAT64, fuse)) {
                try (Net net = s.net("n", Phase.TRAIN, nodes); Training t = net.training(o)) {
                    use.with(net, t);
                }
                assertEquals(0, s.liveBytes());
            }
        }
    }

    private static void step(Training t, int iteration) {
        t.accumulate(List.of(), iteration, 0);
        t.apply(iteration);
    }

    private static void is(double a, double b, double c, Array found) {
        double[] expected = {a, b, c};
        for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], found.at(i), 1e-12, "element " + i);
        }
    }

    private static List<String> ops(Training t) {
        return t.explain().get("apply").stream().map(StepInfo::op).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void anUpdateInOnePassWritesInPlace(String backend) {
        train(backend, List.of(weights(FROM_123)), TrainingOptions.of(new SGD(0.5), 0.1), (net, t) -> {
            assertEquals(List.of("SgdUpdate"), ops(t));
            step(t, 0);
            is(0.9, 1, -7, net.parameters().read("n___w"));
            step(t, 1);
            is(0.75, -0.5, -22, net.parameters().read("n___w"));
            is(-0.15, -1.5, -15, t.slots().read("n___w___momentum"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void slotsMayBeExchanged(String backend) {
        UpdateRule rule = (g, w, d, s) -> {
            Value a = s.state("a");
            Value b = s.state("b");
            g.assign(a, b);
            g.assign(b, a);
            g.assign(w, Ops.subtract(g, w, d));
        };
        train(backend, List.of(weights(FROM_123)), TrainingOptions.of(rule, 1), (net, t) -> {
            t.slots().write("n___w___a", Array.of(Shape.of(3), 1.0, 2, 3));
            t.slots().write("n___w___b", Array.of(Shape.of(3), 7.0, 8, 9));
            step(t, 0);
            is(7, 8, 9, t.slots().read("n___w___a"));
            is(1, 2, 3, t.slots().read("n___w___b"));
            is(0, -8, -97, net.parameters().read("n___w"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aSlotTakesTheValueThatAnotherHadBefore(String backend) {
        for (boolean first : new boolean[] {true, false}) {
            UpdateRule rule = (g, w, d, s) -> {
                Value h = s.state("h");
                Value last = s.state("last");
                List<Value> next = g.ops(new SgdUpdate(), w, d, h, s.rate(), g.scalar("momentum", Policy.of(0.5)));
                if (first) {
                    g.assign(last, w);
                }
                g.assign(w, next.get(0));
                g.assign(h, next.get(1));
                if (!first) {
                    g.assign(last, w);
                }
            };
            train(backend, List.of(weights(FROM_123)), TrainingOptions.of(rule, 0.1), (net, t) -> {
                step(t, 0);
                is(1, 2, 3, t.slots().read("n___w___last"));
                is(0.9, 1, -7, net.parameters().read("n___w"));
                step(t, 1);
                is(0.9, 1, -7, t.slots().read("n___w___last"));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void theOldValueMayBeReadAfterTheUpdateWasComputed(String backend) {
        UpdateRule rule = (g, w, d, s) -> {
            Value h = s.state("h");
            Value moved = s.state("moved");
            List<Value> next = g.ops(new SgdUpdate(), w, d, h, s.rate(), g.scalar("momentum", Policy.of(0.5)));
            g.assign(w, next.get(0));
            g.assign(h, next.get(1));
            g.assign(moved, Ops.square(g, Ops.subtract(g, next.get(0), w)));
        };
        train(backend, List.of(weights(FROM_123)), TrainingOptions.of(rule, 0.1), (net, t) -> {
            assertTrue(ops(t).contains("Commit"), "the update must not overwrite what is read later");
            step(t, 0);
            is(0.01, 1, 100, t.slots().read("n___w___moved"));
            is(0.9, 1, -7, net.parameters().read("n___w"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void oneValueMayGoIntoTwoSlots(String backend) {
        UpdateRule rule = (g, w, d, s) -> {
            Value next = Ops.subtract(g, w, d);
            g.assign(w, next);
            g.assign(s.state("copy"), next);
        };
        train(backend, List.of(weights(FROM_123)), TrainingOptions.of(rule, 1), (net, t) -> {
            step(t, 0);
            is(0, -8, -97, net.parameters().read("n___w"));
            is(0, -8, -97, t.slots().read("n___w___copy"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void statesOfLayersFollowTheSameRules(String backend) {
        Node states = node("s", (g, in) -> {
            Spec three = new Spec(g.type(), Shape.of(3));
            Value a = g.state("a", three, new Rig.Values(1, 2, 3));
            Value b = g.state("b", three, new Rig.Values(4, 5, 6));
            Value c = g.state("c", three, new Rig.Values(7, 8, 9));
            g.assign(a, b);
            g.assign(b, c);
            g.assign(c, Ops.add(g, a, b));
            g.assign(c, Ops.add(g, a, c));
            return List.of();
        }, List.of());
        train(backend, List.of(weights(FROM_123), states), TrainingOptions.of(new SGD(0.0), 1), (net, t) -> {
            t.accumulate(List.of(), 0, 0);
            is(4, 5, 6, net.parameters().read("s___a"));
            is(7, 8, 9, net.parameters().read("s___b"));
            is(8, 10, 12, net.parameters().read("s___c"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void aStateIsNotWrittenWhereAPredicatedStepRunsBeforeTheFailure(String backend) {
        Node states = node("s", (g, in) -> {
            Spec three = new Spec(g.type(), Shape.of(3));
            Value a = g.state("a", three, new Rig.Values(1, 2, 3));
            Value h = g.state("h", three, new Rig.Values(1, 1, 1));
            Value one = Ops.fill(g, new Spec(g.type(), Shape.SCALAR), 1);
            List<Value> next = g.ops(new SgdUpdate(), a, Ops.fill(g, three, 1), h, one, one);
            g.assign(a, next.get(0));
            g.assign(h, next.get(1));
            Value label = g.op(new Check(Check.Kind.LABEL, 2), Ops.add(g, next.get(1), Ops.fill(g, three, 5)));
            g.loss(Ops.sumAll(g, label), 1);
            return List.of();
        }, List.of());
        train(backend, List.of(weights(FROM_123), states), TrainingOptions.of(new SGD(0.0), 1), (net, t) -> {
            Map<String, Array> before = Rig.all(net.parameters());
            step(t, 0);
            assertTrue(t.failed());
            assertEquals(before, Rig.all(net.parameters()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void constraintsProjectWhatTheRuleComputed(String backend) {
        Param p = new Param(new Rig.Values(1, 2, 3), null, new AtLeast(-1), 1.0);
        train(backend, List.of(weights(p)), TrainingOptions.of(new SGD(0.5), 0.1), (net, t) -> {
            step(t, 0);
            is(0.9, 1, -1, net.parameters().read("n___w"));
            is(-0.1, -1, -10, t.slots().read("n___w___momentum"));
        });
    }

    private record AtLeast(double least) implements Constraint {
        @Override
        public Value project(Graph g, Value weights) {
            return Ops.max(g, weights, Ops.fill(g, weights.spec(), least));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void penaltiesAreInTheGradientAndNotInTheObjective(String backend) {
        Param p = new Param(new Rig.Values(1, 2, 3), new L2(3.0), null, 2.0);
        TrainingOptions o = new TrainingOptions(new SGD(0.0), 0.25, Policy.of(0.1), List.of(), 1);
        train(backend, List.of(weights(p)), o, (net, t) -> {
            step(t, 0);
            assertEquals(321, t.objective());
            is(1, 10, 100, t.gradients().read("n___w___gradient"));
            // rate 0.1 * 2, gradient + 2 * 3 * 0.25 * w
            is(1 - 0.2 * (1 + 1.5), 2 - 0.2 * (10 + 3), 3 - 0.2 * (100 + 4.5), net.parameters().read("n___w"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void gradientRulesComeInOrderAndBeforePenalties(String backend) {
        Param p = new Param(new Rig.Values(1, 2, 3), new L2(1.0), null, 1.0);
        GradientRule plus = (g, d) -> d.stream().map(x -> Ops.affine(g, x, 1, 1)).toList();
        GradientRule times = (g, d) -> d.stream().map(x -> Ops.affine(g, x, 2, 0)).toList();
        train(backend, List.of(weights(p)), new TrainingOptions(new SGD(0.0), 0.5, Policy.of(1), List.of(plus, times),
                1),
                (net, t) -> {
                    step(t, 0);
                    is(1 - 4 - 1, 2 - 22 - 2, 3 - 202 - 3, net.parameters().read("n___w"));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void policiesSeeCompletedUpdates(String backend) {
        List<Long> asked = new ArrayList<>();
        Policy counting = i -> {
            asked.add(i);
            return i + 1;
        };
        train(backend, List.of(weights(FROM_123)), new TrainingOptions(new SGD(0.0), 0, counting, List.of(), 1),
                (net, t) -> {
            step(t, 0);
            is(0, -8, -97, net.parameters().read("n___w"));
            step(t, 1);
            is(-2, -28, -297, net.parameters().read("n___w"));
            assertFalse(asked.contains(2L));
        });
    }
}

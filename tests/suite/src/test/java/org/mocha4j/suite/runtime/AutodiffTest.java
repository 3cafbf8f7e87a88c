package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Op;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.PlanException;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.Convolution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Gradients through decompositions and unused outputs, what is pruned, and what is said of wrong gradients. */
class AutodiffTest {
    /** a·b, a² by decomposition, in levels. */
    private record Levels(int depth) implements Op {
        @Override
        public List<Spec> infer(List<Spec> in) {
            return List.of(in.get(0), in.get(0));
        }

        @Override
        public Optional<List<Value>> decompose(Graph g, List<Value> in) {
            return Optional.of(depth > 0 ? g.ops(new Levels(depth - 1), in.get(0), in.get(1))
                    : List.of(Ops.multiply(g, in.get(0), in.get(1)), Ops.square(g, in.get(0))));
        }
    }

    /** Whose gradient gives what it is told. */
    private record Wrong(String what) implements Op {
        @Override
        public List<Spec> infer(List<Spec> in) {
            return List.of(in.get(0), in.get(0));
        }

        @Override
        public Optional<List<Value>> decompose(Graph g, List<Value> in) {
            return Optional.of(List.of(in.get(0), in.get(0)));
        }

        @Override
        public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
            return Optional.of(switch (what) {
                case "count" -> List.of(dOut.get(0), dOut.get(0));
                case "shape" -> List.of(Ops.sumAll(g, dOut.get(0)));
                default -> {
                    assertNull(dOut.get(1), "nothing depends on the second output");
                    yield Arrays.asList((Value) null);
                }
            });
        }
    }

    private static double[] slopes(java.util.function.BiFunction<Graph, List<Value>, List<Value>> f) {
        try (Session s = Rig.open("reference", DataType.FLOAT64, true)) {
            List<Array> d = s.gradients(List.of(Array.of(Shape.of(1), 3.0), Array.of(Shape.of(1), 5.0)),
                    List.of(Array.of(Shape.of(1), 1.0)), f);
            return d.stream().mapToDouble(a -> a == null ? Double.NaN : a.at(0)).toArray();
        }
    }

    private static void are(double a, double b, double[] found) {
        assertEquals(List.of(a, b), Arrays.stream(found).boxed().toList());
    }

    @Test
    void decompositionsAreDifferentiatedAtAnyDepth() {
        for (int depth = 0; depth < 4; depth++) {
            int k = depth;
            are(5, 3, slopes((g, v) -> List.of(g.ops(new Levels(k), v.get(0), v.get(1)).get(0))));
            are(6, Double.NaN, slopes((g, v) -> List.of(g.ops(new Levels(k), v.get(0), v.get(1)).get(1))));
            are(11, 3, slopes((g, v) -> {
                List<Value> both = g.ops(new Levels(k), v.get(0), v.get(1));
                return List.of(Ops.add(g, both.get(0), both.get(1)));
            }));
        }
    }

    @Test
    void aValueMayBeUsedTwice() {
        are(6 + 6, Double.NaN, slopes((g, v) -> {
            List<Value> same = g.ops(new Levels(1), v.get(0), v.get(0));
            return List.of(Ops.add(g, same.get(0), same.get(1)));
        }));
        are(2, Double.NaN, slopes((g, v) -> List.of(Ops.add(g, v.get(0), v.get(0)))));
    }

    @Test
    void outputsThatNothingDependsOnHaveNoGradient() {
        are(Double.NaN, Double.NaN, slopes((g, v) -> List.of(g.ops(new Wrong(""), v.get(0)).get(0))));
    }

    @Test
    void wrongGradientsAreNamed() {
        assertEquals("Wrong[what=count] has 1 inputs but its gradient gives 2 values; expected one per input, null "
                + "where there"
                + " is none", assertThrows(PlanException.class, () -> slopes((g, v) ->
                        List.of(g.ops(new Wrong("count"), v.get(0)).get(0)))).getMessage());
        assertEquals("the gradient of Wrong[what=shape] with respect to input 0 is float64[]; expected: the input's "
                + "float64[1]",
                assertThrows(PlanException.class, () -> slopes((g, v) ->
                        List.of(g.ops(new Wrong("shape"), v.get(0)).get(0)))).getMessage());
    }

    private static List<String> ops(List<Node> nodes) {
        try (Session s = Rig.open("reference"); Net net = s.net("n", Phase.TRAIN, nodes);
                Training t = net.training(TrainingOptions.of(new SGD(0.0), 1))) {
            return t.explain().get("accumulate").stream().map(StepInfo::op).toList();
        }
    }

    private static long count(List<String> ops, String op) {
        return ops.stream().filter(op::equals).count();
    }

    @Test
    void nothingIsComputedThatNoParameterNeeds() {
        List<Node> nodes = new ArrayList<>(Rig.lenet(2));
        List<String> all = ops(nodes);
        assertEquals(1, count(all, "ConvolutionDataGradient"), "the data of the first layer need none");
        assertEquals(2, count(all, "ConvolutionFilterGradient"));
        assertEquals(1, count(all, "PoolingGradient"));
        Param frozen = new Param(null, null, null, 0.0);
        Convolution c = (Convolution) nodes.get(1).layer();
        nodes.set(1, new Node("conv", new Convolution(6, c.window(), null, frozen, frozen, null), List.of("data"),
                List.of("conv"), nodes.get(1).neuron(), null, null));
        List<String> rest = ops(nodes);
        assertEquals(0, count(rest, "ConvolutionDataGradient"));
        assertEquals(1, count(rest, "ConvolutionFilterGradient"));
        assertEquals(0, count(rest, "PoolingGradient"));
    }

    @Test
    void lossesAreWeighted() {
        List<Node> nodes = List.of(Rig.node("n", (g, in) -> {
            Value w = g.parameter("w", Shape.of(1), Rig.param(3));
            g.loss(Ops.square(g, w), 0.5);
            g.loss(w, 4);
            return List.of();
        }, List.of()));
        try (Session s = Rig.open("reference"); Net net = s.net("n", Phase.TRAIN, nodes);
                Training t = net.training(TrainingOptions.of(new SGD(0.0), 1))) {
            t.accumulate(List.of(), 0, 0);
            assertEquals(4.5 + 12, t.objective());
            assertEquals(3 + 4, t.gradients().read("n___w___gradient").at(0));
        }
    }
}

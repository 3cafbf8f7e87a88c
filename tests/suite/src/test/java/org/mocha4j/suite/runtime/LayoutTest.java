package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.api.ops.Convolution;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.Pooling;
import org.mocha4j.regularizers.L1;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.StepInfo;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Where tensors lie on a device with layouts of its own. */
class LayoutTest {
    private static long reorders(List<StepInfo> steps) {
        return steps.stream().filter(s -> s.op().equals("reorder")).count();
    }

    @Test
    void parametersLiveInTheLayoutOfTheirKernel() {
        try (Session s = Rig.open("odd"); Net net = s.net("n", Phase.TRAIN, Rig.lenet(2));
                Training t = net.training(TrainingOptions.of(new SGD(0.9), 0.1))) {
            List<StepInfo> forward = t.explain().get("accumulate");
            assertTrue(forward.stream().filter(i -> i.op().startsWith("Convolution")).allMatch(
                    i -> i.layouts().stream().anyMatch(l -> l.endsWith("hwc4f"))));
            assertTrue(forward.stream().filter(i -> i.op().equals("reorder")).noneMatch(
                    i -> i.layouts().toString().contains("hwc4f")), "no filter is reordered in a step");
            StepInfo update = t.explain().get("apply").stream().filter(i -> i.layer().equals("conv___filter")
                    && i.op().equals("SgdUpdate")).findFirst().orElseThrow();
            assertEquals("[float32[6, 3, 3, 3] hwc4f, float32[6, 3, 3, 3] hwc4f, float32[6, 3, 3, 3] hwc4f, float32[] "
                    + "plain, "
                    + "float32[] plain, ->, float32[6, 3, 3, 3] hwc4f, float32[6, 3, 3, 3] hwc4f]",
                    update.layouts().toString());
            assertEquals(0, reorders(t.explain().get("apply")));
        }
    }

    @Test
    void aValueIsReorderedOncePerLayout() {
        List<Node> nodes = List.of(Rig.data(2, 3, 8, 8, 2), Node.of("p1", new Pooling(Window.of(2)), "data", "p1"),
                Node.of("p2", new Pooling(Window.of(2, 2)), "data", "p2"),
                Node.of("p3", new Pooling(Window.of(3)), "data", "p3"));
        try (Session s = Rig.open("odd"); Net net = s.net("n", Phase.TEST, nodes);
                Execution e = net.inference(Map.of("data", Shape.of(2, 3, 8, 8)), List.of("p1", "p2", "p3"))) {
            List<StepInfo> in = e.explain().stream().filter(i -> i.op().equals("reorder")
                    && i.layouts().get(0).endsWith("plain")).toList();
            assertEquals(1, in.size());
            assertEquals(4, reorders(e.explain()));
        }
    }

    /**
     * A filter that a product in PLAIN reads as well has a copy, which no other tensor of the program may overwrite.
     */
    @Test
    void copiesInOtherLayoutsAreMadeOncePerVersion() {
        Node twice = Rig.node("c", (g, in) -> {
            var w = g.parameter("w", Shape.of(4, 3, 3, 3), new Param(new Rig.Values(0.1, -0.2, 0.3, 0.7, -0.5),
                    new L1(1.0),
                    null, 1.0));
            var y = g.op(new Convolution(Window.of(3), 1), in.get(0), w);
            var flat = Ops.reshape(g, w, Shape.of(4, 27));
            var z = Ops.matMul(g, flat, false, flat, true);
            for (int i = 0; i < 4; i++) {
                z = Ops.matMul(g, Ops.affine(g, z, 0.5, 0.1), false, z, false);
            }
            return List.of(y, z);
        }, List.of("data"), "y", "z");
        List<Node> nodes = List.of(Rig.data(2, 3, 8, 8, 2), twice);
        double[][] z = new double[2][];
        for (int b = 0; b < 2; b++) {
            try (Session s = Rig.open(b == 0 ? "reference" : "odd"); Net net = s.net("n", Phase.TEST, nodes);
                    Execution e = net.inference(Map.of("data", Shape.of(2, 3, 8, 8)), List.of("y", "z"))) {
                e.set("data", Rig.random(DataType.FLOAT32, Shape.of(2, 3, 8, 8), 3));
                e.run(0);
                z[b] = e.read("z").toArray().toDoubles();
                for (int i = 1; i < 4; i++) {
                    e.run(i);
                    org.junit.jupiter.api.Assertions.assertArrayEquals(z[b], e.read("z").toArray().toDoubles(), 0);
                }
                if (b == 1) {
                    assertTrue(e.explain().stream().noneMatch(i -> i.op().equals("reorder")
                            && i.layouts().toString().contains("hwc4f")),
                            "the copy of the filter is kept between runs");
                }
            }
        }
        org.junit.jupiter.api.Assertions.assertArrayEquals(z[0], z[1], 1e-3);
    }
}

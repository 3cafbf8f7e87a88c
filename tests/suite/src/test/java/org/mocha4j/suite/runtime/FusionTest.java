package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Neuron;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.Convolution;
import org.mocha4j.neurons.ReLU;
import org.mocha4j.neurons.Sigmoid;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** Ops are fused only where the device offers it and nobody needs what lies between. */
class FusionTest {
    private static final Layer SAME = (g, in) -> in;

    private static List<String> ops(Map<String, String> device, boolean fuse, Neuron neuron, String... blobs) {
        List<Node> nodes = List.of(Rig.data(2, 3, 5, 5, 2), Node.of("conv", new Convolution(4, Window.of(3)), "data",
                "conv"),
                Node.of("act", SAME, "conv", "act").with(neuron),
                Node.of("more", (g, in) -> List.of(Ops.tanh(g, in.get(0))), "conv", "more"));
        try (Session base = Rig.open("odd"); Session s = Session.open(base.catalog(),
                SessionOptions.of("odd").fuse(fuse)
                .device(new DeviceOptions(0, false, device))); Net net = s.net("n", Phase.TEST, nodes);
                Execution e = net.inference(Map.of("data", Shape.of(2, 3, 5, 5)), List.of(blobs))) {
            return e.explain().stream().map(i -> i.op()).filter(o -> !o.equals("reorder")).toList();
        }
    }

    @Test
    void convolutionBiasAndNeuronBecomeOneWhereOffered() {
        Map<String, String> off = Map.of("fusion", "off");
        assertEquals(List.of("ConvolutionBias"), ops(Map.of(), true, new ReLU(), "act"));
        assertEquals(List.of("Convolution", "Bias", "Relu"), ops(Map.of(), false, new ReLU(), "act"));
        assertEquals(List.of("Convolution", "Bias", "Relu"), ops(off, true, new ReLU(), "act"));
        assertEquals("ConvolutionBias", ops(Map.of(), true, new Sigmoid(), "act").get(0), "odd has no sigmoid to fuse");
    }

    @Test
    void whatIsReadOrUsedElsewhereStays() {
        assertEquals(List.of("ConvolutionBias", "Relu"), ops(Map.of(), true, new ReLU(), "act", "conv"));
        assertEquals(List.of("ConvolutionBias", "Relu", "Tanh"), ops(Map.of(), true, new ReLU(), "act", "more"));
    }

    @Test
    void runsOfElementwiseOpsBecomeOnePass() {
        for (String backend : Rig.BACKENDS) {
            for (boolean fuse : new boolean[] {true, false}) {
                List<Node> nodes = List.of(Rig.data(2, 3, 5, 5, 2),
                        Node.of("run", (g, in) -> List.of(Ops.abs(g, Ops.affine(g,
                        Ops.multiply(g, in.get(0), Ops.exp(g, in.get(0))), 2, 0))), "data", "y"));
                try (Session s = Rig.open(backend, DataType.FLOAT32, fuse); Net net = s.net("n", Phase.TEST, nodes);
                        Execution e = net.inference(Map.of("data", Shape.of(2, 3, 5, 5)), List.of("y"))) {
                    assertEquals(fuse ? List.of("FusedElementwise") : List.of("Exp", "Multiply", "Affine", "Abs"),
                            e.explain().stream().map(i -> i.op()).filter(o -> !o.equals("reorder")).toList(), backend);
                }
            }
        }
    }
}

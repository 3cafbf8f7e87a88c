package org.mocha4j.suite;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.Graph;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Initializer;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Param;
import org.mocha4j.api.Phase;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;
import org.mocha4j.layers.Dropout;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.SGD;

/** Which elements a Dropout layer keeps: 1 and 0. */
final class DropoutRun {
    /** A trained tensor. */
    record Start(Array value) implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            return List.of(g.parameter("value", value.shape(), new Param(new Values(value), null, null, 1.0)));
        }
    }

    record Values(Array value) implements Initializer {
        @Override
        public void fill(HostTensor t, RandomStream random) {
            value.copyTo(t);
        }
    }

    /** The objective is the sum. */
    record Sum() implements Layer {
        @Override
        public List<Value> build(Graph g, List<Value> inputs) {
            g.loss(Ops.sumAll(g, inputs.get(0)), 1);
            return List.of();
        }
    }

    private DropoutRun() {
    }

    /** @param backward from the gradient, else from the output */
    static Array mask(Session s, Array x, long step, boolean backward) {
        List<Node> nodes = List.of(Node.source("x", new Start(x), "x"), Node.of("drop", new Dropout(0.4), "x", "y"),
                Node.sink("sum", new Sum(), "y"));
        try (Net net = s.net("dropout", Phase.TRAIN, nodes)) {
            if (backward) {
                try (Training t = net.training(TrainingOptions.of(new SGD(0), 0))) {
                    t.accumulate(List.of(), step, 0);
                    return kept(t.gradients().read("x___value___gradient"));
                }
            }
            try (Execution e = net.execution("y")) {
                e.run(step);
                return kept(e.read("y").toArray());
            }
        }
    }

    private static Array kept(Array a) {
        HostTensor t = HostTensor.allocate(a.spec());
        for (int i = 0; i < a.elements(); i++) {
            t.set(i, a.at(i) == 0 ? 0 : 1);
        }
        return t.toArray();
    }
}

package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Policy;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.Training;
import org.mocha4j.runtime.TrainingOptions;
import org.mocha4j.solvers.ClipByGlobalNorm;
import org.mocha4j.solvers.SGD;

/** Gradients of several batches make one update. */
class AccumulateTest {
    private static HostTensor rows(HostTensor t, int from, int n) {
        Shape s = t.shape().with(0, n);
        HostTensor part = HostTensor.allocate(new Spec(t.spec().type(), s));
        int width = part.elements() / n;
        for (int i = 0; i < part.elements(); i++) {
            part.set(i, t.get(from * width + i));
        }
        return part;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void threeBatchesEqualOneOfThreeTimesTheSize(String backend) {
        for (boolean fuse : new boolean[] {true, false}) {
            List<Map<String, Array>> results = new ArrayList<>();
            List<Double> objectives = new ArrayList<>();
            for (int k : new int[] {1, 3}) {
                TrainingOptions o = new TrainingOptions(new SGD(0.9), 0.01, Policy.of(0.1),
                        List.of(new ClipByGlobalNorm(0.3)),
                        k);
                try (Session s = Rig.open(backend, DataType.FLOAT64, fuse);
                        Net net = s.net("n", Phase.TRAIN, Rig.lenet(6 / k)); Training t = net.training(o)) {
                    HostTensor x = Rig.random(DataType.FLOAT64, Shape.of(6, 3, 9, 9), 3);
                    HostTensor y = Rig.tensor(DataType.FLOAT64, Shape.of(6), 0, 1, 2, 3, 0, 1);
                    for (int i = 0; i < 3; i++) {
                        for (int b = 0; b < k; b++) {
                            t.accumulate(List.of(List.of(rows(x, b * 6 / k, 6 / k), rows(y, b * 6 / k, 6 / k))),
                                    i * k + b, b);
                        }
                        objectives.add(t.objective());
                        t.apply(i);
                    }
                    results.add(Rig.all(net.parameters()));
                }
            }
            for (int i = 0; i < 3; i++) {
                assertEquals(objectives.get(i), objectives.get(i + 3), 1e-12);
            }
            results.get(0).forEach((name, a) -> assertArrayEquals(a.toDoubles(), results.get(1).get(name).toDoubles(),
                    1e-12,
                    name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void gradientsAreClippedByTheirNormTogether(String backend) {
        double[] norm = new double[2];
        for (int i = 0; i < 2; i++) {
            TrainingOptions o = new TrainingOptions(new SGD(0.0), 0, Policy.of(1),
                    i == 0 ? List.of() : List.of(new ClipByGlobalNorm(0.125)), 1);
            try (Session s = Rig.open(backend, DataType.FLOAT64, true); Net net = s.net("n", Phase.TRAIN, Rig.lenet(6));
                    Training t = net.training(o)) {
                Map<String, Array> before = Rig.all(net.parameters());
                t.accumulate(Rig.batch(net), 0, 0);
                t.apply(0);
                for (String p : net.parameters().names()) {
                    Array after = net.parameters().read(p);
                    double rate = p.endsWith("bias") ? 2 : 1;
                    for (int k = 0; k < after.elements(); k++) {
                        norm[i] += Math.pow((after.at(k) - before.get(p).at(k)) / rate, 2);
                    }
                }
            }
        }
        assertTrue(Math.sqrt(norm[0]) > 0.2, "clipping has something to do");
        assertEquals(0.125, Math.sqrt(norm[1]), 1e-10);
    }
}

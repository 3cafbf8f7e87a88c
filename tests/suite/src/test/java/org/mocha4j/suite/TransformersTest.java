package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Transformer;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;
import org.mocha4j.transformers.Scale;
import org.mocha4j.transformers.SubMean;

/** Transformers of data layers, on every backend. */
class TransformersTest {
    private static final Array DATA = Array.of(Shape.of(2, 2, 1, 2), 1.0, 2, 3, 4, 5, 6, 7, 8);

    private static double[] data(Setup b, Transformer... transformers) {
        var layer = new MemoryData(2, List.of(DATA, Array.of(Shape.of(2), 0.0, 1)), null, null,
                Map.of("data", List.of(transformers)));
        try (Session s = b.open(); Net net = s.net("data", Phase.TEST, List.of(Node.source("in", layer, "x", "label")));
             Execution e = net.execution("x", "label")) {
            List<HostTensor> batch = net.data().get(0).specs().stream().map(HostTensor::allocate).toList();
            net.data().get(0).stream().next(batch);
            e.load(List.of(batch));
            e.run(0);
            assertArrayEquals(new double[] {0, 1}, e.read("label").toArray().toDoubles(), "other blobs are left alone");
            return e.read("x").toArray().toDoubles();
        }
    }

    private static Array mean(int... shape) {
        return Array.of(Shape.of(shape), Shape.of(shape).elements() == 2 ? new double[] {1, 2}
                : new double[] {1, 2, 3, 4});
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#all")
    void severalTransformersOfABlobAreAppliedInTheOrderOfTheList(Setup b) {
        assertArrayEquals(new double[] {0, 2, 2, 4, 8, 10, 10, 12}, data(b, new SubMean(mean(2)), new Scale(2.0)));
        assertArrayEquals(new double[] {1, 3, 4, 6, 9, 11, 12, 14}, data(b, new Scale(2.0), new SubMean(mean(2))));
    }

    @ParameterizedTest
    @MethodSource("org.mocha4j.suite.Backends#all")
    void theMeanIsThatOfASampleOrOneNumberPerChannel(Setup b) {
        assertArrayEquals(new double[] {0, 0, 0, 0, 4, 4, 4, 4}, data(b, new SubMean(mean(2, 1, 2))));
        assertArrayEquals(new double[] {0, 0, 0, 0, 4, 4, 4, 4}, data(b, new SubMean(mean(1, 2, 1, 2))));
        assertArrayEquals(new double[] {0, 1, 1, 2, 4, 5, 5, 6}, data(b, new SubMean(mean(2))));
    }
}

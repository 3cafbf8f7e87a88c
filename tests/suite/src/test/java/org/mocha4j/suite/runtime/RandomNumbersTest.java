package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.backend.DeviceOptions;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.MemoryData;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** Masks depend on seed, layer, step and element alone. */
class RandomNumbersTest {
    private static Array mask(String backend, int threads, long seed, String layer, long step, Phase phase) {
        try (Session base = Rig.open(backend)) {
            SessionOptions o = new SessionOptions(backend, DeviceOptions.threads(threads), DataType.FLOAT32, seed,
                    Path.of(""),
                    true);
            try (Session s = Session.open(base.catalog(), o); Net net = s.net("n", phase, List.of(
                    Node.source("data", new MemoryData(5, Array.filled(org.mocha4j.api.Spec.of(DataType.FLOAT32, 5, 3,
                            7, 9), 1)),
                            "data"), Node.of(layer, new Dropout(0.5), "data", "y")));
                    Execution e = net.execution("y")) {
                e.load(Rig.batch(net));
                e.run(step);
                return e.read("y").toArray();
            }
        }
    }

    @Test
    void everyBackendAndNumberOfThreadsHasTheSameMask() {
        Array expected = mask("reference", 0, 7, "drop", 3, Phase.TRAIN);
        for (int threads : new int[] {1, 2, 5}) {
            assertEquals(expected, mask("cpu", threads, 7, "drop", 3, Phase.TRAIN));
        }
        assertEquals(expected, mask("odd", 0, 7, "drop", 3, Phase.TRAIN));
        int kept = 0;
        for (int i = 0; i < expected.elements(); i++) {
            kept += expected.at(i) == 2 ? 1 : 0;
        }
        assertEquals(0.5, (double) kept / expected.elements(), 0.06);
    }

    /** A fault of Mocha: masks differ between layers, steps and seeds. */
    @Test
    void oneDropoutSeedForAllLayers() {
        Array a = mask("reference", 0, 7, "drop", 3, Phase.TRAIN);
        assertEquals(a, mask("reference", 0, 7, "drop", 3, Phase.TRAIN));
        assertNotEquals(a, mask("reference", 0, 7, "drop2", 3, Phase.TRAIN));
        assertNotEquals(a, mask("reference", 0, 7, "drop", 4, Phase.TRAIN));
        assertNotEquals(a, mask("reference", 0, 8, "drop", 3, Phase.TRAIN));
        assertEquals(Shape.of(5, 3, 7, 9), a.shape());
    }

    /** A fault of Mocha: in phase TEST dropout is the identity, on every backend. */
    @Test
    void dropoutActiveInTheTestNet() {
        for (String backend : Rig.BACKENDS) {
            Array y = mask(backend, 0, 7, "drop", 3, Phase.TEST);
            assertEquals(Array.filled(y.spec(), 1), y, backend);
        }
    }
}

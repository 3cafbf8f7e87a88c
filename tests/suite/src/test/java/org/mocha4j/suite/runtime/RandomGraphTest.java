package org.mocha4j.suite.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;
import org.mocha4j.runtime.Session;

/** Random nets compute the same whatever is fused and whatever memory is shared, on every backend. */
class RandomGraphTest {
    private static final int NETS = 60;

    private static List<Array> inputs(Shape s, long seed) {
        return List.of(Rig.random(DataType.FLOAT64, s, seed).toArray(),
                Rig.random(DataType.FLOAT64, s, seed + 1000).toArray());
    }

    private static void same(List<Array> a, List<Array> b, double tolerance, String what) {
        assertEquals(a.size(), b.size());
        for (int i = 0; i < a.size(); i++) {
            assertEquals(a.get(i) == null, b.get(i) == null, what);
            if (a.get(i) != null) {
                assertArrayEquals(a.get(i).toDoubles(), b.get(i).toDoubles(), tolerance, what + ", value " + i);
            }
        }
    }

    private static List<Value> some(List<Value> values, long seed) {
        Random r = new Random(seed);
        List<Value> some = new ArrayList<>(List.of(values.get(values.size() - 1)));
        values.stream().filter(v -> r.nextInt(8) == 0).forEach(some::add);
        return some;
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void fusedEqualsUnfusedEqualsReference(String backend) {
        try (Session reference = Rig.open("reference", DataType.FLOAT64, false);
                Session plain = Rig.open(backend, DataType.FLOAT64, false);
                Session fused = Rig.open(backend, DataType.FLOAT64, true)) {
            for (int seed = 0; seed < NETS; seed++) {
                Shape s = seed % 3 == 0 ? RandomGraph.IMAGES : RandomGraph.ROWS;
                int ops = 4 + seed % 23;
                int k = seed;
                List<Array> in = inputs(s, seed);
                List<Array> expected = reference.evaluate(in, (g, v) -> some(RandomGraph.values(g, k, s, v, ops), k));
                String net = "net " + seed;
                same(expected, plain.evaluate(in, (g, v) -> some(RandomGraph.values(g, k, s, v, ops), k)), 1e-9, net);
                same(expected, fused.evaluate(in, (g, v) -> some(RandomGraph.values(g, k, s, v, ops), k)), 1e-9, net);
                List<Array> d = List.of(Array.filled(new Spec(DataType.FLOAT64, s), 1));
                List<Array> slopes = reference.gradients(in, d, (g, v) -> last(RandomGraph.values(g, k, s, v, ops)));
                same(slopes, plain.gradients(in, d, (g, v) -> last(RandomGraph.values(g, k, s, v, ops))), 1e-8, net);
                same(slopes, fused.gradients(in, d, (g, v) -> last(RandomGraph.values(g, k, s, v, ops))), 1e-8, net);
                assertTrue(slopes.stream().anyMatch(a -> a != null));
            }
            assertEquals(0, fused.liveBytes());
        }
    }

    private static List<Value> last(List<Value> values) {
        return List.of(values.get(values.size() - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu", "odd"})
    void sharedMemoryGivesTheBitsOfMemoryOfOnesOwn(String backend) {
        try (Session s = Rig.open(backend, DataType.FLOAT32, false)) {
            for (int seed = 100; seed < 100 + NETS; seed++) {
                Shape shape = seed % 2 == 0 ? RandomGraph.IMAGES : RandomGraph.ROWS;
                int k = seed;
                List<Array> in = inputs(shape, seed);
                List<Array> kept = s.evaluate(in, (g, v) -> RandomGraph.values(g, k, shape, v, 20));
                List<Array> shared = s.evaluate(in, (g, v) -> last(RandomGraph.values(g, k, shape, v, 20)));
                assertEquals(kept.get(kept.size() - 1), shared.get(0), "net " + seed);
            }
        }
    }
}

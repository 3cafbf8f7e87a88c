package org.mocha4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.mocha4j.layers.LayersTest.assertMessage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataStream;
import org.mocha4j.api.DataStream.Position;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Source;
import org.mocha4j.api.Transformer;

class MemoryDataTest {
    private static final Array X = Array.of(Shape.of(5, 2), 0f, 0f, 1f, 10f, 2f, 20f, 3f, 30f, 4f, 40f);
    private static final Array Y = Array.of(Shape.of(5), 0f, 1f, 2f, 3f, 4f);

    @Test
    void batchesWrapOverTheEpochAndRowsStayTogether() {
        DataStream s = open(new MemoryData(3, X, Y), 1);
        assertEquals("[float64[3, 2], float64[3]]", s.specs().toString());
        assertEquals(5, s.size().getAsLong());
        assertEquals(List.of(0.0, 1.0, 2.0), labels(s));
        assertEquals(new Position(0, 3), s.position());
        assertEquals(List.of(3.0, 4.0, 0.0), labels(s));
        assertEquals(new Position(1, 1), s.position());
    }

    @Test
    void anEpochEndsWhenTheLastRowIsTaken() {
        DataStream s = open(new MemoryData(5, X, Y), 1);
        labels(s);
        assertEquals(new Position(1, 0), s.position());
    }

    @Test
    void shufflingIsAPermutationPerEpochFromTheSeed() {
        MemoryData m = new MemoryData(5, List.of(X, Y), null, true, null);
        DataStream s = open(m, 1);
        List<List<Double>> epochs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<Double> e = labels(s);
            assertEquals(List.of(0.0, 1.0, 2.0, 3.0, 4.0), e.stream().sorted().toList());
            epochs.add(e);
        }
        assertNotEquals(1, epochs.stream().distinct().count());
        DataStream again = open(m, 1);
        again.restore(new Position(4, 0));
        assertEquals(epochs.get(4), labels(again));
    }

    @Test
    void values_that_are_not_finite_are_found_before_the_run() {
        Array bad = Array.of(Shape.of(2, 2), 1.0, 2.0, Double.NaN, 4.0);
        assertEquals("data layer [train], stream [data], row 1: found NaN; expected: finite numbers",
                assertThrows(DataException.class, () -> open(new MemoryData(1, bad), 1)).getMessage());
    }

    @Test
    void transformersAreAppliedByStreamName() {
        Transformer twice = (g, x) -> g.op(new org.mocha4j.api.ops.Affine(2, 0), x);
        ShapeGraph g = new ShapeGraph(Phase.TRAIN, 2);
        new MemoryData(3, List.of(X, Y), null, null, Map.of("data", List.of(twice))).build(g, List.of());
        assertEquals(List.of("Affine"), g.log);
        MemoryData wrong = new MemoryData(3, List.of(X, Y), List.of("a", "b"), null, Map.of("data", List.of(twice)));
        assertMessage("transformers is for [data]; expected: one of [a, b]", () -> wrong.build(g, List.of()));
    }

    @Test
    void wrongFieldsAreNamed() {
        assertMessage("label is [1]; expected: 5 samples, as data has",
                () -> new MemoryData(1, X, Array.of(Shape.of(1), 1f)));
        assertMessage("data is []; expected: at least one tensor", () -> new MemoryData(1));
        assertMessage("tops is 1 names; expected: 2, one per tensor",
                () -> new MemoryData(1, X, Y).build(new ShapeGraph(Phase.TRAIN, 1), List.of()));
    }

    private static DataStream open(MemoryData m, long seed) {
        return m.open(new Source.Context("train", Path.of(""), DataType.FLOAT64, Phase.TRAIN, seed, m.data().size()));
    }

    /** The labels of the next batch; checks that the data belong to them. */
    private static List<Double> labels(DataStream s) {
        List<HostTensor> batch = s.specs().stream().map(HostTensor::allocate).toList();
        s.next(batch);
        List<Double> labels = new ArrayList<>();
        for (int i = 0; i < batch.get(1).elements(); i++) {
            labels.add(batch.get(1).get(i));
            assertEquals(labels.get(i), batch.get(0).get(2 * i));
            assertEquals(10 * labels.get(i), batch.get(0).get(2 * i + 1));
        }
        return labels;
    }
}

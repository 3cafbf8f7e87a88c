package org.mocha4j.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Layer;
import org.mocha4j.api.Phase;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;
import org.mocha4j.layers.Dropout;
import org.mocha4j.layers.Identity;
import org.mocha4j.layers.Index2Onehot;
import org.mocha4j.layers.RandomMask;
import org.mocha4j.runtime.Execution;
import org.mocha4j.runtime.Net;
import org.mocha4j.runtime.Node;
import org.mocha4j.runtime.Session;
import org.mocha4j.suite.Backends.Setup;

/** Masks in both phases and in place, and vectors of class indices. */
class MaskRulesTest {
    private static final String ALL = "org.mocha4j.suite.Backends#all";

    private static Array ones(Setup b) {
        return Array.filled(new Spec(b.type(), Shape.of(40, 5, 5)), 1);
    }

    /** What a layer makes of ones, read by a layer after it from the same blob. */
    private static Array masked(Setup b, Layer layer, Phase phase, long step, boolean named) {
        List<Node> nodes = List.of(Node.source("x", new ComputationRulesTest.Fixed(ones(b)), "x"),
                new Node("mask", layer, List.of("x"), named ? List.of("x") : null, null, null, null),
                Node.of("out", new Identity(), "x"));
        try (Session s = b.open(); Net net = s.net("n", phase, nodes); Execution e = net.execution("out")) {
            e.run(step);
            return e.read("out").toArray();
        }
    }

    private static double[] sorted(Array a) {
        return IntStream.range(0, a.elements()).mapToDouble(a::at).distinct().sorted().toArray();
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aRandomMaskMasksInBothPhasesWithoutScaling(Setup b) {
        for (Phase p : Phase.values()) {
            Array y = masked(b, new RandomMask(0.3), p, 2, true);
            assertEquals(List.of(0.0, 1.0), java.util.Arrays.stream(sorted(y)).boxed().toList());
            double kept = IntStream.range(0, 1000).mapToDouble(y::at).sum() / 1000;
            assertEquals(0.7, kept, 0.05);
            assertNotEquals(y, masked(b, new RandomMask(0.3), p, 3, true));
        }
        assertEquals(masked(b, new RandomMask(0.3), Phase.TRAIN, 2, true),
                masked(b, new RandomMask(0.3), Phase.TEST, 2, true));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void dropoutIsNotActiveInTheTestNet(Setup b) {
        assertEquals(ones(b), masked(b, new Dropout(0.3), Phase.TEST, 2, true));
        assertNotEquals(ones(b), masked(b, new Dropout(0.3), Phase.TRAIN, 2, true));
    }

    /** The guide's Dropout and RandomMask name no tops: what follows must still read the masked blob. */
    @ParameterizedTest
    @MethodSource(ALL)
    void layersInPlaceWriteTheirBottomsWhereANetNamesNoTops(Setup b) {
        for (Layer l : List.of(new Dropout(0.3), new RandomMask(0.3))) {
            Array y = masked(b, l, Phase.TRAIN, 2, false);
            assertTrue(sorted(y)[0] == 0, l.toString());
            assertEquals(masked(b, l, Phase.TRAIN, 2, true), y);
        }
    }

    @Test
    void theTopsOfALayerInPlaceAreItsBottomsUnlessOthersAreNamed() {
        assertEquals(List.of("a", "b"), new Node("d", new Dropout(null), List.of("a", "b"), null, null, null, null)
                .tops());
        assertEquals(List.of("c"), Node.of("d", new Dropout(null), "a", "c").tops());
        assertEquals(List.of(), Node.sink("d", new Identity(), "a").tops());
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void anIndexThatIsNoClassIsNamedWithSampleAndValue(Setup b) {
        try (Session s = b.open()) {
            Array bad = Array.of(Shape.of(4), 0.0, 2, 3, -1).as(b.type());
            assertEquals("label 3 of sample 2 is no class; expected: a whole number from 0 to the number of"
                    + " classes - 1",
                    assertThrows(DataException.class, () -> s.evaluate(List.of(bad), (g, in) -> new Index2Onehot(3)
                            .build(g, in))).getMessage());
        }
    }
}

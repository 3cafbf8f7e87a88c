package org.mocha4j.testkit;

import static org.mocha4j.testkit.Values.between;
import static org.mocha4j.testkit.Values.distinct;

import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.ops.LRN;
import org.mocha4j.api.ops.LRNGradient;

/** Local response normalisation: both modes, even and odd sizes, neighbourhoods beyond the blob, several powers. */
final class NeighbourCases {
    private NeighbourCases() {
    }

    static List<OpCase> all() {
        List<OpCase> c = new ArrayList<>();
        add(c, LRN.Mode.ACROSS_CHANNEL, 5, 0.75, 2, 7, 3, 4);
        add(c, LRN.Mode.ACROSS_CHANNEL, 1, 0.5, 2, 3, 8);
        add(c, LRN.Mode.ACROSS_CHANNEL, 2, 1, 3, 8);
        add(c, LRN.Mode.ACROSS_CHANNEL, 7, 1.3, 1, 3, 3, 1);
        add(c, LRN.Mode.ACROSS_CHANNEL, 3, -0.75, 1, 13, 2, 2, 2);
        add(c, LRN.Mode.WITHIN_CHANNEL, 3, 0.75, 2, 3, 7, 8);
        add(c, LRN.Mode.WITHIN_CHANNEL, 1, 0.5, 1, 2, 3, 3);
        add(c, LRN.Mode.WITHIN_CHANNEL, 2, 1, 1, 2, 5, 4);
        add(c, LRN.Mode.WITHIN_CHANNEL, 4, 0.3, 1, 1, 3, 13);
        add(c, LRN.Mode.WITHIN_CHANNEL, 7, 2, 1, 1, 3, 1);
        return c;
    }

    private static void add(List<OpCase> c, LRN.Mode mode, int size, double power, int... dims) {
        LRN op = new LRN(mode, size, 0.8, 1.2, power);
        Array x = distinct(1, dims);
        c.add(OpCase.of(op, x).terms(op.neighbours()));
        c.add(OpCase.of(new LRNGradient(op), x, between(-1, 1, 2, dims), distinct(3, dims)).terms(2 * op.neighbours()));
    }
}

package org.mocha4j.testkit;

import java.util.ArrayList;
import java.util.List;

/** Cases for every core op: all attributes, sizes such as 1, 3, 7, 8, 13. */
public final class OpCases {
    private OpCases() {
    }

    /** All of them, in a fixed order. */
    public static List<OpCase> all() {
        List<OpCase> all = new ArrayList<>(ElementCases.all());
        all.addAll(ShapeCases.all());
        all.addAll(SumCases.all());
        all.addAll(WindowCases.all());
        all.addAll(NeighbourCases.all());
        return all;
    }
}

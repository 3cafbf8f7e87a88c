package org.mocha4j.testkit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.Layer;

/**
 * A layer with bottoms to check it on.
 *
 * @param bottoms in float64; converted where another type is checked
 * @param smooth  the bottoms for which the numeric gradient is compared
 * @param tops    how many tops the net names; 0 for a loss
 * @param terms   how many numbers are added up for one result; tolerances grow with it
 */
public record LayerCase(Layer layer, List<Array> bottoms, List<Integer> smooth, int tops, int terms) {
    public LayerCase {
        bottoms = List.copyOf(bottoms);
        smooth = List.copyOf(smooth);
    }

    /** Every bottom is smooth; one top. */
    public static LayerCase of(Layer layer, Array... bottoms) {
        return new LayerCase(layer, List.of(bottoms), IntStream.range(0, bottoms.length).boxed().toList(), 1, 64);
    }

    public LayerCase smooth(Integer... indices) {
        return new LayerCase(layer, bottoms, List.of(indices), tops, terms);
    }

    public LayerCase tops(int n) {
        return new LayerCase(layer, bottoms, smooth, n, terms);
    }

    @Override
    public String toString() {
        return layer + " of " + bottoms.stream().map(a -> a.shape().toString()).collect(Collectors.joining(" "));
    }
}

package org.mocha4j.image;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a net makes of one picture.
 *
 * @param probabilities of the classes, in the net's order; they sum to 1
 * @param labels        the names of the classes, as many; null: their numbers
 */
public record Classification(List<Double> probabilities, List<String> labels) {
    /**
     * One class.
     *
     * @param label its number, from 0
     * @param name  of the label, else its number
     */
    public record Prediction(int label, String name, double probability) { }

    public Classification {
        probabilities = List.copyOf(probabilities);
        labels = labels == null ? null : List.copyOf(labels);
    }

    /** The n most probable classes, or all if there are fewer; of equal ones the first in the net's order. */
    public List<Prediction> top(int n) {
        return IntStream.range(0, probabilities.size()).boxed()
            .sorted(Comparator.comparing(probabilities::get).reversed()).limit(n)
            .map(i -> new Prediction(i, labels == null ? Integer.toString(i) : labels.get(i), probabilities.get(i)))
            .toList();
    }

    /** The most probable class. */
    public Prediction best() {
        return top(1).get(0);
    }
}

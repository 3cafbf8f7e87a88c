package org.mocha4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mocha4j.api.Graph;
import org.mocha4j.api.Measurement;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Value;
import org.mocha4j.api.ops.Ops;

/** What statistics share: a batch's sum and the number of what was summed, and how figures read. */
final class Figures {
    private Figures() {
    }

    /** [sum, count] of two single numbers. */
    static Value sums(Graph g, Value sum, Value count) {
        Shape one = Shape.of(1);
        return Ops.concatenate(g, 0, List.of(Ops.reshape(g, sum, one), Ops.reshape(g, count, one)));
    }

    /** From [correct, counted]; NaN where nothing was counted. */
    static List<Measurement> accuracy(double[] sums, boolean error) {
        double accuracy = sums[0] / sums[1];
        List<Measurement> found = new ArrayList<>(List.of(percentage("accuracy", "Accuracy", accuracy, sums[1])));
        if (error) {
            found.add(percentage("error", "Error", 1 - accuracy, sums[1]));
        }
        return found;
    }

    private static Measurement percentage(String name, String title, double value, double count) {
        return new Measurement(name, value,
                String.format(Locale.ROOT, "%s (avg over %d) = %.4f%%", title, (long) count, 100 * value));
    }

    /** From [sum, samples]: the mean. */
    static Measurement mean(String name, String title, double[] sums) {
        double mean = sums[0] / sums[1];
        return new Measurement(name, mean,
                String.format(Locale.ROOT, "%s (avg over %d) = %.4f", title, (long) sums[1], mean));
    }
}

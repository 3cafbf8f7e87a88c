package org.mocha4j.testkit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mocha4j.api.Array;
import org.mocha4j.api.Op;

/**
 * An op with inputs to check it on.
 *
 * @param inputs in float64; converted where another type is checked
 * @param smooth the inputs for which the numeric gradient is compared; the op must have no kink near their values
 * @param terms  how many numbers are added up for one result; tolerances grow with it
 */
public record OpCase(Op op, List<Array> inputs, List<Integer> smooth, int terms) {
    public OpCase {
        inputs = List.copyOf(inputs);
        smooth = List.copyOf(smooth);
    }

    /** Every input is smooth and nothing is added up. */
    public static OpCase of(Op op, Array... inputs) {
        return new OpCase(op, List.of(inputs), IntStream.range(0, inputs.length).boxed().toList(), 1);
    }

    /** The same without a check of gradients. */
    public OpCase rough() {
        return new OpCase(op, inputs, List.of(), terms);
    }

    /** The same with other inputs for the numeric gradient. */
    public OpCase smooth(Integer... indices) {
        return new OpCase(op, inputs, List.of(indices), terms);
    }

    public OpCase terms(int n) {
        return new OpCase(op, inputs, smooth, n);
    }

    /** The op and the shapes of its inputs. */
    public String name() {
        String text = op.toString();
        String shapes = inputs.stream().map(a -> a.shape().toString()).collect(Collectors.joining(" "));
        return (text.length() > 160 ? text.substring(0, 160) + "…" : text) + " of " + shapes;
    }

    @Override
    public String toString() {
        return name();
    }
}

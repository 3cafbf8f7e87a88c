package org.mocha4j.api.ops;

import static org.mocha4j.api.ops.Ops.*;

import java.util.List;
import java.util.Optional;
import org.mocha4j.api.Checks;
import org.mocha4j.api.Graph;
import org.mocha4j.api.ShapeException;
import org.mocha4j.api.Spec;
import org.mocha4j.api.Value;

/**
 * Local response normalisation: y = x / d^power, d = shift + scale/n · Σ x² over the neighbourhood of the element.
 * ACROSS_CHANNEL: size channels at the same place of [N, C, …], n = size. WITHIN_CHANNEL: size × size places of the
 * same channel of [N, C, H, W], n = size². The neighbourhood begins (size − 1) / 2 (rounded down) before the element.
 * What of it lies outside counts as 0; n does not change at borders.
 *
 * <p>Where d is 0 or negative (shift at most 0) the result is what the division and the power give: infinite or NaN.
 */
public record LRN(Mode mode, int size, double scale, double shift, double power) implements Op1 {
    /** Over which axes the neighbourhood extends. */
    public enum Mode { ACROSS_CHANNEL, WITHIN_CHANNEL }

    public LRN {
        Checks.require(mode != null, "mode", null, "ACROSS_CHANNEL or WITHIN_CHANNEL");
        Checks.require(size > 0 && size <= 1 << 12, "size", size, "1 to 4096");
        Checks.finite("scale", scale);
        Checks.finite("shift", shift);
        Checks.finite("power", power);
    }

    /** How many elements a neighbourhood has: what the sum of squares is divided by. */
    public int neighbours() {
        return mode == Mode.ACROSS_CHANNEL ? size : size * size;
    }

    /** How many elements of an axis come before the element in its neighbourhood. */
    public int before() {
        return (size - 1) / 2;
    }

    /** How many come after it. */
    public int after() {
        return size - 1 - before();
    }

    @Override
    public Spec infer(Spec x) {
        int rank = x.shape().rank();
        if (mode == Mode.ACROSS_CHANNEL ? rank < 2 : rank != 4) {
            throw new ShapeException(mode == Mode.ACROSS_CHANNEL
                    ? "LRN across channels expects [N, C, …], found " + x.shape()
                    : "LRN within a channel expects images [N, C, H, W], found " + x.shape());
        }
        return x;
    }

    @Override
    public Optional<List<Value>> decompose(Graph g, List<Value> in) {
        Value x = in.get(0);
        return Optional.of(List.of(divide(g, x, pow(g, new Neighbours(g, this).denominator(x), power))));
    }

    @Override
    public Optional<List<Value>> gradient(Graph g, List<Value> in, List<Value> out, List<Value> dOut) {
        return Optional.of(List.of(g.op(new LRNGradient(this), in.get(0), out.get(0), dOut.get(0))));
    }
}

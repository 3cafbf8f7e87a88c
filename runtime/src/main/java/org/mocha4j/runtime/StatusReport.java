package org.mocha4j.runtime;

import java.util.function.LongFunction;
import org.mocha4j.api.backend.Status;

/**
 * What went wrong on a device while running.
 *
 * @param code  see {@link Status}
 * @param step  the running number of the batch
 * @param index the row-major index of the value
 * @param value the value
 */
public record StatusReport(long code, long step, long index, double value) {
    /** In words, without the layer, for one label per sample. */
    public String text() {
        return text(1, i -> "sample " + i);
    }

    /**
     * In words, without the layer.
     *
     * @param places the number of labels per sample
     * @param sample the name of a sample of the batch: {@code sample 2}
     */
    public String text(long places, LongFunction<String> sample) {
        return switch ((int) code) {
            case (int) Status.BAD_LABEL -> "label " + text(value) + " of " + sample.apply(index / places)
                    + (places > 1 ? ", place " + index % places : "")
                    + " is no class; expected: a whole number from 0 to the number of classes - 1";
            case (int) Status.NOT_FINITE -> "the objective is " + value;
            case (int) Status.BAD_INDEX -> "index " + text(value) + " at element " + index
                    + " is outside the table; expected: a whole number from 0 to its rows - 1";
            default -> "status " + code + " at element " + index + ", value " + text(value);
        };
    }

    private static String text(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }
}

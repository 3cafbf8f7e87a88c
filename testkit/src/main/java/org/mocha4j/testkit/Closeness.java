package org.mocha4j.testkit;

import java.util.List;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;

/** Compares results of two ways to compute the same. */
public final class Closeness {
    private Closeness() {
    }

    /** What rounding may do to a sum of so many terms, relative to max(1, |a|, |b|). */
    public static double tolerance(DataType type, int terms) {
        double epsilon = type == DataType.FLOAT32 ? 0x1p-23 : 0x1p-52;
        return epsilon * (32 + 2.0 * terms);
    }

    /**
     * Requires equal specs and elements within tolerance · max(1, |found|, |expected|); NaN equals NaN.
     *
     * @throws AssertionError naming what, output, index, both values
     */
    public static void require(String what, List<Array> found, List<Array> expected, double tolerance) {
        if (found.size() != expected.size()) {
            throw new AssertionError(what + ": " + found.size() + " results, expected " + expected.size());
        }
        for (int o = 0; o < found.size(); o++) {
            require(what + ": result " + o, found.get(o), expected.get(o), tolerance);
        }
    }

    /** As above, for one tensor. */
    public static void require(String what, Array found, Array expected, double tolerance) {
        if (!found.spec().equals(expected.spec())) {
            throw new AssertionError(what + " is " + found.spec() + ", expected " + expected.spec());
        }
        for (int i = 0; i < found.elements(); i++) {
            double a = found.at(i);
            double b = expected.at(i);
            double scale = Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
            boolean close = Double.compare(a, b) == 0 || a == b
                    || Double.isFinite(scale) && Math.abs(a - b) <= tolerance * scale;
            if (!close) {
                throw new AssertionError(what + ", index " + i + " of " + found.shape() + ": found " + a + ", expected "
                        + b + ", difference " + Math.abs(a - b) + ", relative tolerance " + tolerance);
            }
        }
    }
}

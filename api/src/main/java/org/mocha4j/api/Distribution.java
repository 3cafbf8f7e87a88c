package org.mocha4j.api;

/** A distribution of random numbers on a device. {@code UNIFORM}: [a, b) in steps of 2^−24; {@code NORMAL}: mean a, deviation b. */
public record Distribution(Kind kind, double a, double b) {
    /** The families. */
    public enum Kind { UNIFORM, NORMAL }

    public static Distribution uniform() {
        return new Distribution(Kind.UNIFORM, 0, 1);
    }

    public static Distribution normal(double mean, double deviation) {
        return new Distribution(Kind.NORMAL, mean, deviation);
    }
}

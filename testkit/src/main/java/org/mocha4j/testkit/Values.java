package org.mocha4j.testkit;

import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.RandomStream;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;

/** Inputs for checks: reproducible, in float64, away from kinks. */
public final class Values {
    private Values() {
    }

    /** Different numbers in −2 … 2 in random order, at least 0.001 away from 0 and 2/elements from each other. */
    public static Array distinct(int salt, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT64, dims));
        int n = t.elements();
        int[] order = shuffled(n, salt);
        for (int i = 0; i < n; i++) {
            double v = -2.03 + (order[i] + 0.5) * 3.94 / n + salt * 0.37 / n;
            t.set(i, Math.abs(v) < 0.001 ? v + 0.003 : v);
        }
        return t.toArray();
    }

    /** Numbers in lo … hi. */
    public static Array between(double lo, double hi, int salt, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT64, dims));
        RandomStream r = new RandomStream(17, "values " + salt);
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, lo + (hi - lo) * r.uniform());
        }
        return t.toArray();
    }

    /** Whole numbers 0 … limit−1. */
    public static Array whole(int limit, int salt, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(DataType.FLOAT64, dims));
        RandomStream r = new RandomStream(17, "whole " + salt);
        for (int i = 0; i < t.elements(); i++) {
            t.set(i, r.below(limit));
        }
        return t.toArray();
    }

    /** The given numbers. */
    public static Array of(Shape shape, double... v) {
        return Array.of(shape, v);
    }

    private static int[] shuffled(int n, int salt) {
        int[] order = new int[n];
        RandomStream r = new RandomStream(17, "order " + salt);
        for (int i = 0; i < n; i++) {
            int j = (int) r.below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}

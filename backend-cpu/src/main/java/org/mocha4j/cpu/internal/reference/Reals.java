package org.mocha4j.cpu.internal.reference;

import org.mocha4j.api.backend.Buffer;
import org.mocha4j.api.backend.HostBuffer;

/** A float[] or double[] seen as numbers: reads widen, writes round. One source serves both types. */
abstract class Reals {
    static Reals of(Buffer b) {
        HostBuffer h = (HostBuffer) b;
        return switch (h.type()) {
            case FLOAT32 -> new Floats(h.floats());
            case FLOAT64 -> new Doubles(h.doubles());
            default -> throw new IllegalArgumentException("no floating-point buffer: " + h.type());
        };
    }

    abstract double at(int i);

    abstract void set(int i, double v);

    /** The value rounded to this type. */
    abstract double round(double v);

    final void fill(int n, double v) {
        for (int i = 0; i < n; i++) {
            set(i, v);
        }
    }

    final void add(int i, double v) {
        set(i, at(i) + v);
    }

    private static final class Floats extends Reals {
        private final float[] a;

        Floats(float[] a) {
            this.a = a;
        }

        @Override
        double at(int i) {
            return a[i];
        }

        @Override
        void set(int i, double v) {
            a[i] = (float) v;
        }

        @Override
        double round(double v) {
            return (float) v;
        }
    }

    private static final class Doubles extends Reals {
        private final double[] a;

        Doubles(double[] a) {
            this.a = a;
        }

        @Override
        double at(int i) {
            return a[i];
        }

        @Override
        void set(int i, double v) {
            a[i] = v;
        }

        @Override
        double round(double v) {
            return v;
        }
    }
}

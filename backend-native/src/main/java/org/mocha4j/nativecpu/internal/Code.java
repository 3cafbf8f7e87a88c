package org.mocha4j.nativecpu.internal;

import java.util.Arrays;
import java.util.Collection;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Size;
import org.mocha4j.api.Window;
import org.mocha4j.api.backend.Layout;

/** What tells the library which plan to make: a name and its arguments in the order in which its C++ reads them. Equal by value. */
record Code(String name, Words words) {
    /** Arrays that are equal by value. */
    record Words(long[] whole, double[] reals) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Words w && Arrays.equals(whole, w.whole) && Arrays.equals(reals, w.reals);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(whole) + Arrays.hashCode(reals);
        }
    }

    /** Writes the arguments of a plan. */
    static final class Writer {
        private final String name;
        private long[] whole = new long[32];
        private int wholes;
        private double[] reals = new double[4];
        private int realCount;

        private Writer(String name) {
            this.name = name;
        }

        Writer whole(long... values) {
            for (long v : values) {
                if (wholes == whole.length) {
                    whole = Arrays.copyOf(whole, 2 * wholes);
                }
                whole[wholes++] = v;
            }
            return this;
        }

        Writer flag(boolean b) {
            return whole(b ? 1 : 0);
        }

        Writer real(double... values) {
            for (double v : values) {
                if (realCount == reals.length) {
                    reals = Arrays.copyOf(reals, 2 * realCount);
                }
                reals[realCount++] = v;
            }
            return this;
        }

        Writer type(DataType t) {
            return whole(switch (t) {
                case FLOAT32 -> 0;
                case FLOAT64 -> 1;
                case INT32 -> 2;
                case INT64 -> 3;
            });
        }

        /** A count and the numbers. */
        Writer list(Collection<Integer> values) {
            whole(values.size());
            values.forEach(v -> whole(v));
            return this;
        }

        Writer shape(Shape s) {
            whole(s.rank());
            for (int d : s.dims()) {
                whole(d);
            }
            return this;
        }

        /** Height, then width. */
        Writer size(Size s) {
            return whole(s.h(), s.w());
        }

        /** Kernel, stride, pad, dilation. */
        Writer window(Window w) {
            return size(w.kernel()).size(w.stride()).size(w.pad()).size(w.dilation());
        }

        Writer layout(Layout l) {
            if (l instanceof OpaqueLayout o) {
                whole(2, o.words().size());
                o.words().forEach(w -> whole(w));
                return this;
            }
            return whole(l.equals(Nhwc.NHWC) ? 1 : 0);
        }

        Code code() {
            return new Code(name, new Words(Arrays.copyOf(whole, wholes), Arrays.copyOf(reals, realCount)));
        }
    }

    /** The plans of the library take the type as first argument. */
    static Writer of(String name, DataType type) {
        return new Writer(name).type(type);
    }
}

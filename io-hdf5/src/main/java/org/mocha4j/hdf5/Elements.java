package org.mocha4j.hdf5;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** How the elements of a data set are stored, and how they become Java numbers. */
record Elements(boolean isFloat, boolean signed, int size, ByteOrder order) {
    /** IEEE floats of 16, 32 and 64 bits and integers of 8 to 64 bits; empty for every other type. */
    static Optional<Elements> of(DataType t) {
        if (t instanceof FloatingPoint f) {
            boolean ieee = f.getSize() == 2 && f.getExponentSize() == 5 || f.getSize() == 4 && f.getExponentSize() == 8
                    || f.getSize() == 8 && f.getExponentSize() == 11;
            return ieee ? Optional.of(new Elements(true, true, f.getSize(), f.getByteOrder())) : Optional.empty();
        }
        if (t instanceof FixedPoint i) {
            boolean whole = Integer.bitCount(i.getSize()) == 1 && i.getSize() <= 8 && i.getBitOffset() == 0
                    && i.getBitPrecision() == 8 * i.getSize();
            return whole ? Optional.of(new Elements(false, i.isSigned(), i.getSize(), i.getByteOrder()))
                    : Optional.empty();
        }
        return Optional.empty();
    }

    /** What a type that is none of these is, and what is expected. */
    static String describe(DataType t) {
        boolean number = t instanceof FloatingPoint || t instanceof FixedPoint;
        return t.getClass().getSimpleName() + (number ? " in " + t.getSize() + " bytes; expected: IEEE floats of 16, "
                + "32 or 64 bits, or integers of 8, 16, 32 or 64 bits" : "; expected: numbers");
    }

    /** The type that holds every value; INT64 for unsigned 64 bits, whose upper half does not fit. */
    org.mocha4j.api.DataType natural() {
        if (isFloat) {
            return size == 8 ? org.mocha4j.api.DataType.FLOAT64 : org.mocha4j.api.DataType.FLOAT32;
        }
        return size < 4 || size == 4 && signed ? org.mocha4j.api.DataType.INT32 : org.mocha4j.api.DataType.INT64;
    }

    /**
     * Decodes n elements from a byte index on into a {@code float[]}, {@code double[]}, {@code int[]} or {@code
     * long[]}.
     *
     * @param b in this byte order
     */
    void decode(ByteBuffer b, int from, Object target, int offset, int n) {
        if (target instanceof float[] f) {
            if (isFloat && size == 4) {
                b.slice(from, 4 * n).order(b.order()).asFloatBuffer().get(f, offset, n);
            } else if (!isFloat && size == 1) {
                int mask = signed ? -1 : 0xFF;
                for (int i = 0; i < n; i++) {
                    f[offset + i] = b.get(from + i) & mask;
                }
            } else {
                for (int i = 0; i < n; i++) {
                    f[offset + i] = (float) number(b, from + size * i);
                }
            }
        } else if (target instanceof double[] d) {
            for (int i = 0; i < n; i++) {
                d[offset + i] = number(b, from + size * i);
            }
        } else if (target instanceof int[] a) {
            for (int i = 0; i < n; i++) {
                a[offset + i] = Math.toIntExact(whole(b, from + size * i));
            }
        } else {
            long[] a = (long[]) target;
            for (int i = 0; i < n; i++) {
                a[offset + i] = whole(b, from + size * i);
                if (size == 8 && !signed && a[offset + i] < 0) {
                    throw new ArithmeticException("found " + Long.toUnsignedString(a[offset + i])
                            + ", which does not fit into int64");
                }
            }
        }
    }

    private double number(ByteBuffer b, int at) {
        if (isFloat) {
            return size == 8 ? b.getDouble(at) : size == 4 ? b.getFloat(at) : FloatingPoint.toFloat(b.getShort(at));
        }
        long v = whole(b, at);
        return signed || size < 8 || v >= 0 ? v : (v >>> 1 | v & 1) * 2.0;
    }

    private long whole(ByteBuffer b, int at) {
        long v = switch (size) {
            case 1 -> b.get(at);
            case 2 -> b.getShort(at);
            case 4 -> b.getInt(at);
            default -> b.getLong(at);
        };
        return signed || size == 8 ? v : v & (1L << 8 * size) - 1;
    }

    @Override
    public String toString() {
        return (isFloat ? "float" : signed ? "int" : "uint") + 8 * size;
    }
}

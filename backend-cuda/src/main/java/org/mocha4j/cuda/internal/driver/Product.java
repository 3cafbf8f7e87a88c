package org.mocha4j.cuda.internal.driver;

import org.mocha4j.api.DataType;

/**
 * A row-major matrix product y [batch, m, n] = op(a) · op(b), op(a) [batch, m, k], op(b) [batch, k, n]. A library that
 * counts columns first sees yᵀ = op(b)ᵀ · op(a)ᵀ: b comes first there, and the strides here are its leading dimensions.
 */
public record Product(DataType type, int batch, int m, int n, int k, boolean transposeA, boolean transposeB) {
    /** From one row of a, as it is stored, to the next. */
    public int strideA() {
        return transposeA ? m : k;
    }

    public int strideB() {
        return transposeB ? k : n;
    }

    public long sizeA() {
        return (long) m * k;
    }

    public long sizeB() {
        return (long) k * n;
    }

    public long sizeY() {
        return (long) m * n;
    }
}

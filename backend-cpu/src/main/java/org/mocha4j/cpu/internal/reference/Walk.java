package org.mocha4j.cpu.internal.reference;

/** Walks over indices in row-major order and keeps the offset that they have under given strides. */
final class Walk {
    private final int[] dims;
    private final int[] strides;
    private final int[] index;
    private final int start;
    private int offset;

    Walk(int[] dims, int[] strides, int start) {
        this.dims = dims.clone();
        this.strides = strides.clone();
        this.index = new int[dims.length];
        this.start = start;
        this.offset = start;
    }

    int count() {
        int n = 1;
        for (int d : dims) {
            n *= d;
        }
        return n;
    }

    int offset() {
        return offset;
    }

    Walk reset() {
        java.util.Arrays.fill(index, 0);
        offset = start;
        return this;
    }

    void next() {
        for (int i = dims.length - 1; i >= 0; i--) {
            offset += strides[i];
            if (++index[i] < dims[i]) {
                return;
            }
            offset -= index[i] * strides[i];
            index[i] = 0;
        }
    }
}

package org.mocha4j.cpu.internal;

/** Walks over indices in row-major order and keeps the offset that they have under given strides. */
public final class Walk {
    private final int[] dims;
    private final int[] strides;
    private final int[] index;
    private final int start;
    private int offset;

    /** @param start the offset of index 0 */
    public Walk(int[] dims, int[] strides, int start) {
        this.dims = dims.clone();
        this.strides = strides.clone();
        this.index = new int[dims.length];
        this.start = start;
        this.offset = start;
    }

    public int count() {
        int n = 1;
        for (int d : dims) {
            n *= d;
        }
        return n;
    }

    public int offset() {
        return offset;
    }

    public Walk reset() {
        java.util.Arrays.fill(index, 0);
        offset = start;
        return this;
    }

    public void next() {
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

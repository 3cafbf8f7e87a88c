package org.mocha4j.odd.internal;

/** Copies a block of any rank, element by element, between two strided places. */
record Strided(int[] dims, int[] from, int fromOffset, int[] to, int toOffset) {
    static Strided flat(int elements) {
        return new Strided(new int[] {elements}, new int[] {1}, 0, new int[] {1}, 0);
    }

    void run(Memory x, Memory y) {
        copy(x, y, 0, fromOffset, toOffset);
    }

    private void copy(Memory x, Memory y, int axis, int i, int o) {
        if (axis == dims.length) {
            y.set(o, x.get(i));
            return;
        }
        for (int k = 0; k < dims[axis]; k++) {
            copy(x, y, axis + 1, i + k * from[axis], o + k * to[axis]);
        }
    }
}

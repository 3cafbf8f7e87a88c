package org.mocha4j.hdf5;

import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;

/** Tensors as nested Java arrays, which is what jhdf takes. */
final class Nested {
    private Nested() {
    }

    /** A boxed number for rank 0, else {@code float[]}, {@code float[][]} … */
    static Object of(Array a) {
        HostTensor t = HostTensor.allocate(a.spec());
        a.copyTo(t);
        Shape s = a.shape();
        if (s.rank() == 0) {
            return java.lang.reflect.Array.get(t.array(), 0);
        }
        if (a.elements() == 0) {
            throw new DataException("a tensor of " + a.spec() + " has no elements; expected: at least one");
        }
        return s.rank() == 1 ? t.array() : nest(t.array(), s, 0, 0);
    }

    private static Object nest(Object flat, Shape s, int axis, int from) {
        int n = s.dim(axis);
        if (axis == s.rank() - 1) {
            Object row = java.lang.reflect.Array.newInstance(flat.getClass().getComponentType(), n);
            System.arraycopy(flat, from, row, 0, n);
            return row;
        }
        int[] open = new int[s.rank() - axis];                   // n × 0 × …: only the type of its elements counts
        open[0] = n;
        Object rows = java.lang.reflect.Array.newInstance(flat.getClass().getComponentType(), open);
        int step = (int) s.product(axis + 1, s.rank());
        for (int i = 0; i < n; i++) {
            java.lang.reflect.Array.set(rows, i, nest(flat, s, axis + 1, from + i * step));
        }
        return rows;
    }
}

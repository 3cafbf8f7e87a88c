package org.mocha4j.hdf5;

import io.jhdf.api.Dataset;
import org.mocha4j.api.DataException;

/** A small data set inside its header: read as a whole when opened. */
final class CompactRows extends Rows {
    private final Object values;

    CompactRows(H5File file, String name, Elements elements, long[] dims, Dataset d) {
        super(file, name, elements, dims);
        if (count * rowElements * elements.size() > 1 << 16) {
            throw new DataException(where() + ": claims " + shape() + " in a header; expected: at most 64 KiB");
        }
        Object v = count == 0 ? new float[0] : d.getDataFlat();
        values = v.getClass().isArray() ? v : new Object[] {v};
    }

    @Override
    void fill(long first, int rows, Object target, int offset) {
        for (int i = 0; i < rows * rowElements; i++) {
            Number v = (Number) java.lang.reflect.Array.get(values, (int) first * rowElements + i);
            if (target instanceof float[] f) {
                f[offset + i] = v.floatValue();
            } else if (target instanceof double[] d) {
                d[offset + i] = v.doubleValue();
            } else if (target instanceof int[] a) {
                a[offset + i] = Math.toIntExact(v.longValue());
            } else {
                ((long[]) target)[offset + i] = v.longValue();
            }
        }
    }
}

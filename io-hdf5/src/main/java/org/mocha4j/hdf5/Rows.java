package org.mocha4j.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import java.io.IOException;
import java.util.Arrays;
import org.mocha4j.api.DataException;
import org.mocha4j.api.Shape;

/** A numeric data set, read by rows: indices along its first axis. One that is a single number has one row. */
abstract class Rows {
    final H5File file;
    final String name;
    final Elements elements;
    final long count;
    final Shape row;
    final int rowElements;

    Rows(H5File file, String name, Elements elements, long[] dims) {
        this.file = file;
        this.name = name;
        this.elements = elements;
        count = dims.length == 0 ? 1 : dims[0];
        try {
            row = dims.length == 0 ? Shape.SCALAR
                    : Shape.of(Arrays.stream(dims).skip(1).mapToInt(Math::toIntExact).toArray());
            rowElements = Math.toIntExact(Math.multiplyExact(row.elements(), (long) elements.size())) / elements.size();
            Math.multiplyExact(count, Math.max(1L, (long) rowElements * elements.size()));
        } catch (ArithmeticException e) {
            throw new DataException(where() + ": extents of " + Arrays.toString(dims) + "; expected: rows below 2 GiB");
        }
    }

    /** @throws DataException if its type or layout is not supported, or it cannot be as large as it claims */
    static Rows of(H5File file, String name, Dataset d) {
        try {
            Elements e = Elements.of(d.getDataType()).orElseThrow(() -> new DataException(where(file, name) + ": found "
                    + "elements of " + Elements.describe(d.getDataType())));
            long[] dims = d.isScalar() ? new long[0] : d.getDimensionsAsLong();
            if (d.isEmpty() && Arrays.stream(dims).noneMatch(n -> n == 0)) {
                throw new DataException(where(file, name) + ": was created but never written; expected: data");
            }
            if (d instanceof ContiguousDataset c) {
                return new ContiguousRows(file, name, e, dims, c);
            }
            if (d instanceof ChunkedDataset c) {
                return new ChunkedRows(file, name, e, dims, c);
            }
            return new CompactRows(file, name, e, dims, d);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw file.failure(where(file, name), e);
        }
    }

    /** Reads rows one after the other into an array as {@link Elements#decode} does. */
    final void read(long first, int rows, Object target, int offset) {
        try {
            fill(first, rows, target, offset);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw file.failure(where() + ", row " + first, e);
        }
    }

    /** Says that a row will be read soon. */
    void want(long row) {
    }

    /** Says that rows will be read on from what is stored together with this row. */
    void wantAfter(long row) {
    }

    abstract void fill(long first, int rows, Object target, int offset) throws IOException;

    /** Lets go of what is kept for reading. */
    void close() {
    }

    final String where() {
        return where(file, name);
    }

    private static String where(H5File file, String name) {
        return file.path() + ": data set [" + name + "]";
    }

    /** [rows, …] as a text. */
    final String shape() {
        return row.rank() == 0 ? "[" + count + "]" : "[" + count + ", " + row.toString().substring(1);
    }
}

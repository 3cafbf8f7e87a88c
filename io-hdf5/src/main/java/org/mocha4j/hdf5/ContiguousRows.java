package org.mocha4j.hdf5;

import io.jhdf.api.dataset.ContiguousDataset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.mocha4j.api.DataException;

/** Rows stored one after the other: read through the file's channel into a direct buffer, without allocation. */
final class ContiguousRows extends Rows {
    private static final int BUFFER_BYTES = 1 << 18;
    private final long address;
    private final ByteBuffer buffer;
    private final FloatBuffer floats;

    ContiguousRows(H5File file, String name, Elements elements, long[] dims, ContiguousDataset d) {
        super(file, name, elements, dims);
        long bytes = count * rowElements * elements.size();
        if (bytes > 0 && d.getDataAddress() < 0) {
            throw new DataException(where() + ": was created but never written; expected: data");
        }
        address = d.getDataAddress() + file.userBlock();
        if (bytes > 0 && (address > file.size() || bytes > file.size() - address)) {
            throw new DataException(where() + ": the file is truncated: found " + file.size() + " bytes; expected: "
                    + (address + bytes) + " to hold " + shape() + " of " + elements);
        }
        buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER_BYTES, Math.max(8, bytes))).order(elements.order());
        floats = buffer.asFloatBuffer();
    }

    @Override
    void fill(long first, int rows, Object target, int offset) throws IOException {
        int size = elements.size();
        long at = address + first * rowElements * size;
        long left = (long) rows * rowElements;
        while (left > 0) {
            int n = (int) Math.min(left, buffer.capacity() / size);
            buffer.clear().limit(n * size);
            while (buffer.hasRemaining()) {
                int read = file.channel().read(buffer, at + buffer.position());
                if (read < 0) {
                    throw new DataException(where() + ", row " + first + ": the file ends at byte "
                            + file.channel().size() + "; it was longer when it was opened");
                }
            }
            if (target instanceof float[] f && elements.isFloat() && size == 4) {
                floats.get(0, f, offset, n);
            } else {
                elements.decode(buffer, 0, target, offset, n);
            }
            at += (long) n * size;
            offset += n;
            left -= n;
        }
    }
}

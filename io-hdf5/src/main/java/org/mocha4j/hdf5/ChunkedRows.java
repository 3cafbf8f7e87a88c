package org.mocha4j.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.mocha4j.api.DataException;

/** Rows in chunks, compressed or not. Decompressed chunks are kept in the file's cache. */
final class ChunkedRows extends Rows {
    private static final long MOST_COMPRESSION = 1100;           // deflate cannot do more than 1032
    private final ChunkedDataset dataset;
    private final int[] dims;
    private final int[] chunk;
    private final int[] dimStride;
    private final int[] chunkStride;
    private final int chunkBytes;
    private final boolean checksum;
    private final ChunkCache cache;

    ChunkedRows(H5File file, String name, Elements elements, long[] longDims, ChunkedDataset d) {
        super(file, name, elements, longDims);
        dataset = d;
        chunk = d.getChunkDimensions();
        if (count > Integer.MAX_VALUE || chunk.length != longDims.length || Arrays.stream(chunk).anyMatch(c -> c < 1)) {
            throw new DataException(where() + ": chunks of " + Arrays.toString(chunk) + " for " + shape()
                    + "; expected: as many extents, and fewer than 2^31 rows");
        }
        dims = Arrays.stream(longDims).mapToInt(x -> (int) x).toArray();
        double bytes = elements.size();
        for (int c : chunk) {
            bytes *= c;
        }
        if (bytes > Integer.MAX_VALUE - 8 || bytes > (double) MOST_COMPRESSION * file.size()) {
            throw new DataException(where() + ": chunks of " + Arrays.toString(chunk) + "; found a file of "
                    + file.size() + " bytes, which cannot hold one");
        }
        chunkBytes = (int) bytes;
        double all = (double) count * rowElements * elements.size();
        if (all > (double) MOST_COMPRESSION * file.size()) {
            throw new DataException(where() + ": claims " + shape() + " of " + elements + "; found a file of "
                    + file.size() + " bytes, which cannot hold as many");
        }
        dimStride = strides(dims, 1);
        chunkStride = strides(chunk, 0);
        long perRow = 1;
        for (int a = 1; a < dims.length; a++) {
            perRow *= (dims[a] + chunk[a] - 1) / chunk[a];
        }
        cache = file.cache();
        cache.atLeast(perRow * chunkBytes);
        List<PipelineFilterWithData> filters = d.getFilters();
        checksum = !filters.isEmpty() && filters.get(filters.size() - 1).getId() == Fletcher32.FILTER;
    }

    private static int[] strides(int[] extents, int from) {
        int[] s = new int[extents.length];
        int n = 1;
        for (int a = extents.length - 1; a >= from; a--) {
            s[a] = n;
            n *= extents[a];
        }
        return s;
    }

    @Override
    void fill(long first, int rows, Object target, int offset) {
        int[] origin = new int[dims.length];
        for (int r = 0; r < rows; r++) {
            int row = (int) first + r;
            origin[0] = row / chunk[0] * chunk[0];
            chunks(1, origin, row, target, offset + r * rowElements);
        }
    }

    /** Visits all chunks that a row touches. */
    private void chunks(int axis, int[] origin, int row, Object target, int offset) {
        if (axis == dims.length) {
            copy(chunk(origin), 1, origin, (row - origin[0]) * chunkStride[0], target, offset);
            return;
        }
        for (int o = 0; o < dims[axis]; o += chunk[axis]) {
            origin[axis] = o;
            chunks(axis + 1, origin, row, target, offset + o * dimStride[axis]);
        }
    }

    /** Copies the part of a row that lies in one chunk, runs of the last axis at a time. */
    private void copy(ByteBuffer c, int axis, int[] origin, int from, Object target, int offset) {
        if (axis >= dims.length - 1) {
            int n = axis == dims.length ? 1 : Math.min(chunk[axis], dims[axis] - origin[axis]);
            elements.decode(c, from * elements.size(), target, offset, n);
            return;
        }
        int n = Math.min(chunk[axis], dims[axis] - origin[axis]);
        for (int i = 0; i < n; i++) {
            copy(c, axis + 1, origin, from + i * chunkStride[axis], target, offset + i * dimStride[axis]);
        }
    }

    private ByteBuffer chunk(int[] origin) {
        long key = 0;
        for (int a = 0; a < dims.length; a++) {
            key = key * ((dims[a] + chunk[a] - 1) / chunk[a]) + origin[a] / chunk[a];
        }
        ByteBuffer found = cache.get(this, key);
        if (found == null) {
            found = ByteBuffer.wrap(decompressed(origin)).order(elements.order());
            cache.put(this, key, found);
        }
        return found;
    }

    @Override
    void close() {
        cache.drop(this);
    }

    private byte[] decompressed(int[] origin) {
        byte[] bytes;
        try {
            if (checksum && !Fletcher32.holds(dataset.getRawChunkBuffer(origin))) {
                throw new DataException(where() + ": the chunk at " + Arrays.toString(origin)
                        + " does not match its checksum; the file is damaged");
            }
            bytes = dataset.getDecompressedChunk(origin);
        } catch (HdfException e) {
            String text = String.valueOf(e.getMessage());
            if (text.startsWith("No chunk") || text.endsWith("at address -1")) {
                throw new DataException(where() + ": the chunk at " + Arrays.toString(origin)
                        + " was never written; expected: data");
            }
            throw e;
        }
        if (bytes.length < chunkBytes) {
            throw new DataException(where() + ": the chunk at " + Arrays.toString(origin) + " holds " + bytes.length
                    + " bytes; expected: " + chunkBytes);
        }
        return bytes;
    }
}

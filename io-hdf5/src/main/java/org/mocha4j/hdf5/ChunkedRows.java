package org.mocha4j.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.dataset.chunked.Chunk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.mocha4j.api.DataException;

/**
 * Rows in chunks, compressed or not. All chunks that hold a row are put together into a band of whole rows, which the
 * cache keeps: as many rows as a chunk has, or fewer where these would take too much memory; then each chunk is
 * decompressed once per band.
 */
final class ChunkedRows extends Rows implements ChunkCache.Bands {
    private static final long MOST_COMPRESSION = 1100;           // deflate cannot do more than 1032
    private final ChunkTable chunks;
    private final ChunkFilters filters;
    private final ChunkCache cache;
    private final int[] dims;                                    // the first is not looked at: it may be larger
    private final int[] chunk;
    private final int[] dimStride;
    private final int[] chunkStride;
    private final int chunkBytes;
    private final boolean whole;
    private final int bandRows;
    private final int bandsPerChunk;

    ChunkedRows(H5File file, String name, Elements elements, long[] longDims, ChunkedDataset d) {
        super(file, name, elements, longDims);
        chunk = d.getChunkDimensions();
        if (chunk.length != longDims.length || Arrays.stream(chunk).anyMatch(c -> c < 1)) {
            throw new DataException(where() + ": chunks of " + Arrays.toString(chunk) + " for " + shape()
                    + "; expected: as many extents, each at least 1");
        }
        dims = Arrays.stream(longDims).mapToInt(x -> (int) x).toArray();
        chunkBytes = chunkBytes();
        double all = (double) count * rowElements * elements.size();
        if (all > (double) MOST_COMPRESSION * file.size()) {
            throw new DataException(where() + ": claims " + shape() + " of " + elements + "; found a file of "
                    + file.size() + " bytes, which cannot hold as many");
        }
        dimStride = strides(dims, 1);
        chunkStride = strides(chunk, 0);
        filters = new ChunkFilters(d.getFilters(), chunkBytes);
        if (filters.unknown() != null) {
            throw new DataException(where() + ": compressed by [" + filters.unknown() + "], which is not supported; "
                    + "expected: gzip, LZF, shuffle, fletcher32 or none");
        }
        chunks = ChunkTable.of(file.storage(), d);
        cache = file.cache();
        long rowBytes = Math.max(1, (long) rowElements * elements.size());
        bandRows = (int) Math.max(1, Math.min(chunk[0], Math.min(cache.share(), Integer.MAX_VALUE - 8) / rowBytes));
        bandsPerChunk = (chunk[0] + bandRows - 1) / bandRows;
        whole = bandRows == chunk[0] && Arrays.equals(chunk, 1, chunk.length, dims, 1, dims.length);
    }

    private int chunkBytes() {
        double bytes = elements.size();
        for (int c : chunk) {
            bytes *= c;
        }
        if (bytes > Integer.MAX_VALUE - 64 || bytes > (double) MOST_COMPRESSION * file.size()) {
            throw new DataException(where() + ": chunks of " + Arrays.toString(chunk) + "; found a file of "
                    + file.size() + " bytes, which cannot hold one");
        }
        return (int) bytes;
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

    private long band(long row) {
        return row / chunk[0] * bandsPerChunk + row % chunk[0] / bandRows;
    }

    private long firstRow(long band) {
        return band / bandsPerChunk * chunk[0] + band % bandsPerChunk * bandRows;
    }

    private int rowsIn(long band) {
        long inChunk = band % bandsPerChunk * bandRows;
        return (int) Math.min(Math.min(bandRows, chunk[0] - inChunk), count - firstRow(band));
    }

    @Override
    void want(long row) {
        if (row < count) {
            cache.want(this, band(row));
        }
    }

    @Override
    void wantAfter(long row) {
        long next = band(row) + 1;
        if (firstRow(next) < count) {
            cache.want(this, next);
        }
    }

    @Override
    void fill(long first, int rows, Object target, int offset) {
        int done = 0;
        while (done < rows) {
            long band = band(first + done);
            int at = (int) (first + done - firstRow(band));
            int n = Math.min(rows - done, rowsIn(band) - at);
            elements.decode(cache.get(this, band), at * rowElements * elements.size(), target,
                    offset + done * rowElements, n * rowElements);
            done += n;
        }
    }

    @Override
    public long bytes(long band) {
        return whole ? chunkBytes : (long) rowsIn(band) * rowElements * elements.size();
    }

    @Override
    public ByteBuffer load(long band) {
        long[] origin = new long[dims.length];
        long first = firstRow(band);
        origin[0] = first / chunk[0] * chunk[0];
        if (whole) {
            return ByteBuffer.wrap(decoded(origin)).order(elements.order());
        }
        byte[] to = new byte[(int) bytes(band)];
        collect(1, origin, (int) (first - origin[0]), rowsIn(band), to);
        return ByteBuffer.wrap(to).order(elements.order());
    }

    /** Visits all chunks that hold some rows. */
    private void collect(int axis, long[] origin, int from, int rows, byte[] to) {
        if (axis == dims.length) {
            byte[] c = decoded(origin);
            for (int r = 0; r < rows; r++) {
                copy(c, 1, (from + r) * chunkStride[0], origin, to, r * rowElements);
            }
            return;
        }
        for (long o = 0; o < dims[axis]; o += chunk[axis]) {
            origin[axis] = o;
            collect(axis + 1, origin, from, rows, to);
        }
    }

    /** Copies the part of a row that lies in one chunk, runs of the last axis at a time. */
    private void copy(byte[] c, int axis, int from, long[] origin, byte[] to, int at) {
        int size = elements.size();
        if (axis >= dims.length) {
            System.arraycopy(c, from * size, to, at * size, size);
            return;
        }
        int start = (int) origin[axis];
        int n = Math.min(chunk[axis], dims[axis] - start);
        if (axis == dims.length - 1) {
            System.arraycopy(c, from * size, to, (at + start) * size, n * size);
            return;
        }
        for (int i = 0; i < n; i++) {
            copy(c, axis + 1, from + i * chunkStride[axis], origin, to, at + (start + i) * dimStride[axis]);
        }
    }

    private byte[] decoded(long[] origin) {
        Chunk c = chunks.at(origin);
        if (c == null) {
            throw new DataException(where() + ": the chunk at " + Arrays.toString(origin)
                    + " was never written; expected: data");
        }
        byte[] bytes;
        try {
            ByteBuffer stored = file.storage().readBufferFromAddress(c.getAddress(), c.getSize());
            bytes = filters.decode(stored.array(), c.getFilterMask());
        } catch (DataFormatException e) {
            throw new DataException(where() + ": the chunk at " + Arrays.toString(origin) + " is damaged: "
                    + e.getMessage(), e);
        }
        if (bytes.length < chunkBytes) {
            throw new DataException(where() + ": the chunk at " + Arrays.toString(origin) + " holds " + bytes.length
                    + " bytes; expected: " + chunkBytes);
        }
        return bytes;
    }

    @Override
    void close() {
        cache.drop(this);
    }
}

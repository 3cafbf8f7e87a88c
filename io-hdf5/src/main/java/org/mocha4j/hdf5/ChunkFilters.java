package org.mocha4j.hdf5;

import io.jhdf.filter.LzfFilter;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Turns stored chunks into their elements: deflate, LZF, shuffle and fletcher32 in any order, some of them skipped for
 * single chunks. What a chunk inflates to is bounded by what it shall hold.
 */
final class ChunkFilters {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int LZF = 32000;
    private static final int CHECKSUM_BYTES = 4;
    private final List<PipelineFilterWithData> filters;
    private final int most;

    /** @param chunkBytes of all elements of a chunk */
    ChunkFilters(List<PipelineFilterWithData> filters, int chunkBytes) {
        this.filters = filters;
        most = chunkBytes + CHECKSUM_BYTES * (int) filters.stream().filter(f -> f.getId() == Fletcher32.FILTER).count();
    }

    /** The filter that is not known here; null if all are. */
    String unknown() {
        return filters.stream().filter(f -> f.getId() != DEFLATE && f.getId() != SHUFFLE && f.getId() != LZF
                && f.getId() != Fletcher32.FILTER).map(PipelineFilterWithData::getName).findFirst().orElse(null);
    }

    /**
     * @param skipped numbers of filters that this chunk did not go through
     * @throws DataFormatException with what is wrong, if it is damaged
     */
    byte[] decode(byte[] stored, BitSet skipped) throws DataFormatException {
        byte[] b = stored;
        for (int i = filters.size() - 1; i >= 0; i--) {
            if (!skipped.get(i)) {
                int[] data = filters.get(i).getFilterData();
                b = switch (filters.get(i).getId()) {
                    case DEFLATE -> inflate(b);
                    case SHUFFLE -> unshuffle(b, data.length == 0 ? 1 : data[0]);
                    case LZF -> lzf(b, data);
                    default -> withoutChecksum(b);
                };
            }
        }
        return b;
    }

    private byte[] inflate(byte[] b) throws DataFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(b);
            byte[] out = new byte[most];
            int n = 0;
            while (!inflater.finished()) {
                int more = inflater.inflate(out, n, most - n);
                if (more == 0 && !inflater.finished()) {
                    throw new DataFormatException(n == most ? "it inflates to more than " + most + " bytes"
                            : "it ends early");
                }
                n += more;
            }
            return n == most ? out : java.util.Arrays.copyOf(out, n);
        } finally {
            inflater.end();
        }
    }

    private byte[] lzf(byte[] b, int[] data) throws DataFormatException {
        if (data.length < 3 || data[2] < 0 || data[2] > most) {
            throw new DataFormatException("its filter claims chunks of " + (data.length < 3 ? "no size" : data[2]
                    + " bytes"));
        }
        try {
            return new LzfFilter().decode(b, data);
        } catch (RuntimeException e) {
            throw new DataFormatException("LZF: " + e.getMessage());
        }
    }

    private static byte[] withoutChecksum(byte[] b) throws DataFormatException {
        if (!Fletcher32.holds(ByteBuffer.wrap(b))) {
            throw new DataFormatException("it does not match its checksum");
        }
        return java.util.Arrays.copyOf(b, b.length - CHECKSUM_BYTES);
    }

    /** Bytes come ordered by their place in the element; those of elements that are not whole stay at the end. */
    private static byte[] unshuffle(byte[] b, int size) throws DataFormatException {
        if (size < 1) {
            throw new DataFormatException("its filter claims elements of " + size + " bytes");
        }
        int n = b.length / size;
        byte[] out = new byte[b.length];
        for (int k = 0; k < size; k++) {
            int from = k * n;
            for (int i = 0, to = k; i < n; i++, to += size) {
                out[to] = b[from + i];
            }
        }
        System.arraycopy(b, n * size, out, n * size, b.length - n * size);
        return out;
    }
}

package org.mocha4j.hdf5;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The decompressed chunks of a stream, all its files and data sets together: at most so many bytes, the least recently
 * used go first. A shuffled epoch over compressed data is fast where all chunks fit, and else decompresses a chunk per
 * sample.
 */
final class ChunkCache {
    private final Map<Key, ByteBuffer> chunks = new LinkedHashMap<>(16, 0.75f, true);
    private long limit;
    private long bytes;

    /** By its number in one data set. */
    private record Key(Rows rows, long chunk) { }

    /** @param limit in bytes; a chunk that is larger is kept alone */
    ChunkCache(long limit) {
        this.limit = limit;
    }

    /** For a stream: a quarter of the largest heap. */
    static ChunkCache forStream() {
        return new ChunkCache(Runtime.getRuntime().maxMemory() / 4);
    }

    /** What one row touches must fit, or each row would decompress all of it again. */
    void atLeast(long needed) {
        limit = Math.max(limit, needed);
    }

    /** In bytes. */
    long held() {
        return bytes;
    }

    /** The chunk, or null if it is not here. */
    ByteBuffer get(Rows rows, long chunk) {
        return chunks.get(new Key(rows, chunk));
    }

    void put(Rows rows, long chunk, ByteBuffer b) {
        chunks.put(new Key(rows, chunk), b);
        bytes += b.capacity();
        var eldest = chunks.values().iterator();
        while (bytes > limit && chunks.size() > 1) {
            bytes -= eldest.next().capacity();
            eldest.remove();
        }
    }

    /** Forgets a data set's chunks. */
    void drop(Rows rows) {
        chunks.entrySet().removeIf(e -> {
            boolean gone = e.getKey().rows() == rows;
            bytes -= gone ? e.getValue().capacity() : 0;
            return gone;
        });
    }
}

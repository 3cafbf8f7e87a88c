package org.mocha4j.hdf5;

import io.jhdf.ObjectHeader;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.ChunkOffset;
import io.jhdf.dataset.chunked.ChunkedDatasetV3;
import io.jhdf.dataset.chunked.ChunkedDatasetV4;
import java.util.Map;
import org.mocha4j.api.DataException;

/** Where the chunks of a data set are. jhdf shows that to its subclasses only. */
final class ChunkTable {
    private static final long UNDEFINED = -1;
    private final Map<ChunkOffset, Chunk> chunks;

    private ChunkTable(Map<ChunkOffset, Chunk> chunks) {
        this.chunks = chunks;
    }

    static ChunkTable of(CheckedStorage storage, ChunkedDataset d) {
        ObjectHeader header = ObjectHeader.readObjectHeader(storage, d.getAddress());
        if (d instanceof ChunkedDatasetV3) {
            return new ChunkTable(new ChunkedDatasetV3(storage, d.getAddress(), d.getName(), d.getParent(), header) {
                Map<ChunkOffset, Chunk> chunks() {
                    return getChunkLookup();
                }
            }.chunks());
        }
        if (d instanceof ChunkedDatasetV4) {
            return new ChunkTable(new ChunkedDatasetV4(storage, d.getAddress(), d.getName(), d.getParent(), header) {
                Map<ChunkOffset, Chunk> chunks() {
                    return getChunkLookup();
                }
            }.chunks());
        }
        throw new DataException("chunks of " + d.getClass().getSimpleName() + " are not supported");
    }

    /** The chunk that starts there, or null if it was never written. */
    Chunk at(long[] origin) {
        Chunk c = chunks.get(new ChunkOffset(origin));
        return c == null || c.getAddress() == UNDEFINED ? null : c;
    }
}

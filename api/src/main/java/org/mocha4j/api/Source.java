package org.mocha4j.api;

import java.nio.file.Path;

/** Where batches come from. A configuration record, usually also a {@link Layer} that returns {@code g.source(this)}. */
public interface Source {
    /** @throws DataException naming file, dataset and what is wrong */
    DataStream open(Context c);

    /**
     * What a source is told.
     *
     * @param layer the data layer's name
     * @param base  the folder that relative paths start from
     * @param type  the type of the net
     * @param phase of the net
     * @param seed  of all randomness
     * @param tops  how many streams the net takes; 0 leaves it to the source
     */
    record Context(String layer, Path base, DataType type, Phase phase, long seed, int tops) {
    }
}

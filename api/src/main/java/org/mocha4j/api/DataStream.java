package org.mocha4j.api;

import java.util.List;
import java.util.OptionalLong;

/**
 * An open source, used by one thread at a time (the one that prepares batches ahead). A batch wraps over the end of
 * an epoch. What it delivers depends on configuration, seed and position alone.
 */
public interface DataStream extends AutoCloseable {
    /** One per stream, batch included along axis 0. */
    List<Spec> specs();

    /** The samples of one epoch; empty for an endless source. */
    OptionalLong size();

    /** The position of the next sample. */
    Position position();

    /** Goes on from a position that {@link #position()} gave, here or in another process. */
    void restore(Position p);

    /**
     * Fills the next batch and moves on. Allocates nothing in the steady state.
     *
     * @throws DataException for what cannot be read or is not finite, with file, dataset and row
     */
    void next(List<HostTensor> batch);

    @Override
    void close();

    /**
     * @param epoch  completed epochs
     * @param sample samples taken in this epoch, 0 … size−1
     */
    record Position(long epoch, long sample) {
        public static final Position START = new Position(0, 0);

        /** The position after n more samples of a source of the given size. */
        public Position plus(long n, OptionalLong size) {
            long s = sample + n;
            return size.isEmpty() ? new Position(epoch, s)
                    : new Position(epoch + s / size.getAsLong(), s % size.getAsLong());
        }
    }
}

package org.mocha4j.api;

import java.nio.file.Path;
import java.util.List;

/** Where a net's values go after each step, outside the device's program: a file, memory. A configuration record. */
public interface Sink {
    /** @throws ConfigurationException if what it shall write to cannot be used */
    Writer open(Context c);

    /** An open sink. */
    interface Writer extends AutoCloseable {
        /**
         * Takes one batch; only the first {@code valid} samples count. The tensors are reused afterwards.
         *
         * @throws DataException if it cannot be kept
         */
        void write(List<HostTensor> batch, int valid);

        /** Keeps what was taken, also where the run failed afterwards. Once more does nothing. */
        @Override
        void close();
    }

    /**
     * What a sink is told.
     *
     * @param layer the sink's name
     * @param base  the folder that relative paths start from
     * @param blobs the names of the layer's bottoms
     * @param specs of the values, batch included
     */
    record Context(String layer, Path base, List<String> blobs, List<Spec> specs) {
    }
}

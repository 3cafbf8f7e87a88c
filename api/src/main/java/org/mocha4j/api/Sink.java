package org.mocha4j.api;

import java.util.List;

/** Where a net's values go after each step, outside the device's program: a file, memory. A configuration record. */
public interface Sink {
    /** @param specs of the values, batch included */
    Writer open(String layer, List<Spec> specs);

    /** An open sink. */
    interface Writer extends AutoCloseable {
        /** Takes one batch; only the first {@code valid} samples count. The tensors are reused afterwards. */
        void write(List<HostTensor> batch, int valid);

        @Override
        void close();
    }
}

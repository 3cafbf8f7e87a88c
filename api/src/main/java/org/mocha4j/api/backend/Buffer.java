package org.mocha4j.api.backend;

import org.mocha4j.api.DataType;

/** Memory of a device. A backend knows its own implementation; pure Java ones use {@link HostBuffer}. */
public interface Buffer {
    DataType type();

    /** Capacity in elements. */
    long elements();
}

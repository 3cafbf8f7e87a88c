package org.mocha4j.nativecpu.internal;

import java.util.List;
import org.mocha4j.api.Spec;
import org.mocha4j.api.backend.Layout;

/**
 * A layout that oneDNN chose for filters.
 *
 * @param words    oneDNN's serialised descriptor: its length in bytes, then the bytes in words
 * @param elements that a tensor takes in it, padding included
 */
record OpaqueLayout(String name, List<Long> words, long elements) implements Layout {
    @Override
    public long elements(Spec spec) {
        return elements;
    }
}

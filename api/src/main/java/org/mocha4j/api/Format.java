package org.mocha4j.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A file format for named tensors: parameters, snapshots, means. Recognised by content. */
public interface Format {
    /** For example {@code hdf5}. */
    String name();

    /** Whether a file's first bytes are this format's. */
    boolean recognises(byte[] head);

    /** Reads everything. @throws DataException naming file and what is wrong */
    TensorFile read(Path file) throws IOException;

    /** Writes to a new or empty file and forces it to disk. The caller takes care of temporary names. */
    void write(Path file, TensorFile content) throws IOException;

    /**
     * The content of a file.
     *
     * @param tensors    by name, {@code layer___param} for parameters; names may contain {@code /}
     * @param attributes texts by name
     */
    record TensorFile(Map<String, Array> tensors, Map<String, String> attributes) {
    }
}

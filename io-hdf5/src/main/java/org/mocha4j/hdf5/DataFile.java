package org.mocha4j.hdf5;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mocha4j.api.DataException;

/** One file of a source: the rows of its data sets side by side. Opened when used, closed when too many are open. */
final class DataFile {
    private final Path path;
    private final List<String> names;
    private final ChunkCache cache;
    private H5File file;
    private final List<Rows> rows = new ArrayList<>();

    /** @throws DataException if a data set is missing or they differ in the number of rows */
    DataFile(Path path, List<String> names, ChunkCache cache) {
        this.path = path;
        this.names = names;
        this.cache = cache;
        open();
        try {
            for (Rows r : rows) {
                if (r.count != rows.get(0).count) {
                    throw new DataException(r.where() + ": found " + r.count + " rows; expected: " + rows.get(0).count
                            + ", as [" + names.get(0) + "] has");
                }
            }
        } catch (DataException e) {
            close();
            throw e;
        }
    }

    void open() {
        file = H5File.open(path, cache);
        try {
            for (String name : names) {
                rows.add(file.rows(name));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    boolean isOpen() {
        return file != null;
    }

    Rows rows(int stream) {
        return rows.get(stream);
    }

    int streams() {
        return names.size();
    }

    Path path() {
        return path;
    }

    void close() {
        if (file != null) {
            rows.forEach(Rows::close);
            file.close();
            file = null;
            rows.clear();
        }
    }
}

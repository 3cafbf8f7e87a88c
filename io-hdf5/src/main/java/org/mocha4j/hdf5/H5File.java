package org.mocha4j.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.exceptions.UnsupportedHdfException;
import io.jhdf.filter.FilterManager;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mocha4j.api.DataException;

/** An open HDF5 file. Whatever goes wrong in it is a {@link DataException} that names the file. */
final class H5File implements AutoCloseable {
    private static final int DEEPEST = 64;
    private final Path path;
    private final CheckedStorage storage;
    private final HdfFile file;
    private final long size;
    private final ChunkCache cache;

    private H5File(Path path, CheckedStorage storage, long size, ChunkCache cache) {
        this.path = path;
        this.storage = storage;
        this.file = storage.file();
        this.size = size;
        this.cache = cache;
    }

    /** @throws DataException if the file is missing, truncated, damaged or not HDF5 */
    static H5File open(Path path) {
        return open(path, ChunkCache.forFile());
    }

    /** As {@link #open(Path)}; decompressed chunks are kept there. */
    static H5File open(Path path, ChunkCache cache) {
        if (!Files.isRegularFile(path)) {
            throw new DataException(path + " does not exist or is no file; expected: an HDF5 file");
        }
        try {
            long size = Files.size(path);
            long signature = Signature.find(path, size);
            prepareFilters();
            CheckedStorage storage = CheckedStorage.open(path, signature);
            try {
                return new H5File(path, storage, size, cache);
            } catch (RuntimeException | Error e) {
                storage.close();
                throw e;
            }
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw failure(path, path.toString(), e);
        }
    }

    /**
     * jhdf looks for further filters with the thread's context class loader when its filter table is first used; in a
     * host with plug-ins that loader may know another jhdf, and the table would stay broken. So it is set up here.
     */
    private static void prepareFilters() {
        Thread t = Thread.currentThread();
        ClassLoader before = t.getContextClassLoader();
        t.setContextClassLoader(HdfFile.class.getClassLoader());
        try {
            FilterManager.values();
        } finally {
            t.setContextClassLoader(before);
        }
    }

    Path path() {
        return path;
    }

    /** In bytes. */
    long size() {
        return size;
    }

    CheckedStorage storage() {
        return storage;
    }

    ChunkCache cache() {
        return cache;
    }

    long userBlock() {
        return file.getUserBlockSize();
    }

    FileChannel channel() {
        return storage.getFileChannel();
    }

    Group root() {
        return file;
    }

    /** All data sets by path without leading slash, sorted; soft links within the file are followed to data sets. */
    Map<String, Dataset> datasets() {
        try {
            Map<String, Dataset> found = new TreeMap<>();
            collect(file, "", found, new HashSet<>(), 0);
            return found;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw failure(path.toString(), e);
        }
    }

    private void collect(Group group, String prefix, Map<String, Dataset> found, Set<Long> seen, int depth) {
        if (depth > DEEPEST || !seen.add(group.getAddress())) {
            return;
        }
        for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
            Node n = child.getValue();
            if (n instanceof Link link) {
                Node target = link.isBrokenLink() ? null : link.getTarget();
                n = target instanceof Dataset && target.getHdfFile() == file ? target : null;
            }
            if (n instanceof Dataset d) {
                found.put(prefix + child.getKey(), d);
            } else if (n instanceof Group g) {
                collect(g, prefix + child.getKey() + "/", found, seen, depth + 1);
            }
        }
    }

    private boolean leadsAway(String name) {
        Node n = file;
        for (String part : name.split("/")) {
            n = !(n instanceof Group g) ? null : part.isEmpty() ? n : g.getChildren().get(part);
        }
        return n instanceof Link;
    }

    /** @throws DataException if there is none of that name: the message lists those there are */
    Rows rows(String name) {
        Map<String, Dataset> all = datasets();
        Dataset d = all.get(name.startsWith("/") ? name.substring(1) : name);
        if (d == null && leadsAway(name)) {
            throw new DataException(path + ": [" + name + "] is a link to nothing or into another file; expected: a "
                    + "data set of this file; list the other file instead");
        }
        if (d == null) {
            throw new DataException(path + " has no data set [" + name + "]; it has " + all.keySet());
        }
        return Rows.of(this, name, d);
    }

    /** A cause as an exception of ours: itself if it is one, else with place and reason. */
    DataException failure(String where, Throwable cause) {
        return failure(path, where, cause);
    }

    private static DataException failure(Path path, String where, Throwable cause) {
        Throwable root = cause;
        while (!(root instanceof DataException) && root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof DataException ours) {
            return ours;
        }
        boolean unsupported = root instanceof UnsupportedHdfException || text(root).startsWith("A required filter");
        return new DataException(where + " cannot be read: " + text(cause) + (root == cause ? "" : ": " + text(root))
                + (unsupported ? "" : "; the file may be damaged"), cause);
    }

    private static String text(Throwable t) {
        return t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    }

    @Override
    public void close() {
        storage.close();                                         // jhdf's close asks for a path that it was not given
    }
}

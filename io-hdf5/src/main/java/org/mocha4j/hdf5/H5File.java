package org.mocha4j.hdf5;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.exceptions.UnsupportedHdfException;
import io.jhdf.filter.FilterManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mocha4j.api.DataException;

/** An open HDF5 file. Whatever goes wrong in it is a {@link DataException} that names the file. */
final class H5File implements AutoCloseable {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    private static final int DEEPEST = 64;
    private static final int SHORTEST_HEAD = 48;
    private final Path path;
    private final HdfFile file;
    private final long size;
    private final ChunkCache cache;

    private H5File(Path path, HdfFile file, long size, ChunkCache cache) {
        this.path = path;
        this.file = file;
        this.size = size;
        this.cache = cache;
    }

    /** Whether a file starts as HDF5 files do. */
    static boolean recognises(byte[] head) {
        int n = SIGNATURE.length;
        return head.length >= n && Arrays.equals(head, 0, n, SIGNATURE, 0, n);
    }

    /** @throws DataException if the file is missing, truncated, damaged or not HDF5 */
    static H5File open(Path path) {
        return open(path, ChunkCache.forStream());
    }

    /** As {@link #open(Path)}; decompressed chunks are kept there. */
    static H5File open(Path path, ChunkCache cache) {
        if (!Files.isRegularFile(path)) {
            throw new DataException(path + " does not exist or is no file; expected: an HDF5 file");
        }
        try {
            long size = Files.size(path);
            checkHead(path, size);
            prepareFilters();
            return new H5File(path, new HdfFile(path), size, cache);
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw failure(path, path.toString(), e);
        }
    }

    /** Checks signature and claimed size. A user block of 512, 1024, … bytes may come before the signature. */
    private static void checkHead(Path path, long size) throws IOException {
        try (FileChannel in = FileChannel.open(path)) {
            for (long at = 0; at + SIGNATURE.length <= size; at = at == 0 ? 512 : 2 * at) {
                ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
                in.read(b, at);
                if (recognises(b.array())) {
                    checkEnd(path, b, size - at, size);
                    return;
                }
            }
        }
        throw new DataException(path + " is not an HDF5 file: it has " + size + " bytes and no HDF5 signature");
    }

    private static void checkEnd(Path path, ByteBuffer head, long left, long size) {
        if (left < SHORTEST_HEAD) {
            throw new DataException(path + " is truncated: found " + size + " bytes; expected: at least "
                    + (size - left + SHORTEST_HEAD));
        }
        int version = head.get(8);
        int offsetBytes = head.get(version < 2 ? 13 : 9);
        if (offsetBytes == 8) {
            long end = head.getLong(version < 2 ? 40 + 4 * version : 28);
            if (end > size) {
                throw new DataException(path + " is truncated: found " + size + " bytes; expected: " + end);
            }
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

    ChunkCache cache() {
        return cache;
    }

    long userBlock() {
        return file.getUserBlockSize();
    }

    FileChannel channel() {
        return file.getHdfBackingStorage().getFileChannel();
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
        if (cause instanceof DataException ours) {
            return ours;
        }
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
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
        file.close();
    }
}

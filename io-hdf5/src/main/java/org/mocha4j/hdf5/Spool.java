package org.mocha4j.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Spec;

/** The rows of a data set that is being written, in a temporary file: elements little-endian, row after row. */
final class Spool implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;
    private final String name;
    private final Spec batch;
    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long rows;

    /** @param batch what comes: samples along axis 0, or a single number, which is one row */
    Spool(Path target, String name, Spec batch) throws IOException {
        this.name = name;
        this.batch = batch;
        String prefix = target.getFileName() + "." + name.replaceAll("[^\\w.-]", "_") + ".";
        file = Files.createTempFile(target.getParent(), prefix, ".rows");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    String name() {
        return name;
    }

    Path file() {
        return file;
    }

    FileChannel channel() {
        return channel;
    }

    Spec batch() {
        return batch;
    }

    /** The extents of all rows together. */
    long[] dims() {
        long[] dims = new long[Math.max(1, batch.shape().rank())];
        for (int i = 1; i < dims.length; i++) {
            dims[i] = batch.shape().dim(i);
        }
        dims[0] = rows;
        return dims;
    }

    /** For example {@code float32 [12, 5]}. */
    String text() {
        return batch.type().name().toLowerCase(Locale.ROOT) + " " + Arrays.toString(dims());
    }

    long rows() {
        return rows;
    }

    /** Forgets what came after so many rows. */
    void cut(long most) {
        rows = Math.min(rows, most);
    }

    long bytes() {
        return rows * rowElements() * size();
    }

    private int size() {
        return switch (batch.type()) {
            case FLOAT32, INT32 -> 4;
            case FLOAT64, INT64 -> 8;
        };
    }

    private int rowElements() {
        int rank = batch.shape().rank();
        return rank == 0 ? 1 : (int) batch.shape().product(1, rank);
    }

    /** Adds the first samples of a batch: all of them or, if the disk is full, none. */
    void add(HostTensor t, int valid) throws IOException {
        int more = batch.shape().rank() == 0 ? 1 : Math.min(valid, batch.shape().dim(0));
        int end = more * rowElements();
        long at = bytes();
        for (int from = 0; from < end; from += BUFFER_BYTES / size()) {
            int n = Math.min(end - from, BUFFER_BYTES / size());
            encode(t, from, n);
            while (buffer.hasRemaining()) {
                at += channel.write(buffer, at);
            }
        }
        rows += more;
    }

    private void encode(HostTensor t, int from, int n) {
        buffer.clear().limit(n * size());
        switch (batch.type()) {
            case FLOAT32 -> buffer.asFloatBuffer().put(t.floats(), from, n);
            case FLOAT64 -> buffer.asDoubleBuffer().put(t.doubles(), from, n);
            case INT32 -> buffer.asIntBuffer().put((int[]) t.array(), from, n);
            case INT64 -> buffer.asLongBuffer().put(t.longs(), from, n);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Closes it and removes the file. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}

package org.mocha4j.launcher.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Checksum;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.mocha4j.api.DataException;

/**
 * A file in the IDX format of the MNIST data set, in memory: big-endian 32-bit integers (magic number, count and, for
 * images, rows and columns), then one unsigned byte per pixel or label. A gzipped file is recognised by its first two
 * bytes, not by its name.
 */
public final class IdxFile {
    /** What a file holds, told by its magic number. */
    public enum Kind {
        IMAGES(2051, 4), LABELS(2049, 2);

        private final int magic;
        private final int integers;

        Kind(int magic, int integers) {
            this.magic = magic;
            this.integers = integers;
        }

        private String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final long MOST_COMPRESSION = 1100;           // deflate cannot do more than 1032
    private final Path file;
    private final int[] dims;
    private final byte[] bytes;

    private IdxFile(Path file, int[] dims, byte[] bytes) {
        this.file = file;
        this.dims = dims;
        this.bytes = bytes;
    }

    /**
     * Reads the whole file.
     *
     * @throws DataException naming the file, what was found and what was expected, if it is not an IDX file of this
     *                       kind, ends early, goes on after its last sample, or is damaged gzip data
     * @throws IOException   if it cannot be read
     */
    public static IdxFile read(Path file, Kind kind) throws IOException {
        try (InputStream in = open(file)) {
            int[] dims = header(file, kind, in);
            long volume = 1;
            for (int dim : dims) {
                volume = dim < 0 || volume > Integer.MAX_VALUE ? Long.MAX_VALUE : volume * dim;
            }
            String claim = shape(dims) + " " + kind.word() + " by its header";
            if (volume > Integer.MAX_VALUE - 16) {
                throw new DataException(file + ": " + claim + ", expected sizes of at least 0 and less than 2 GiB"
                        + " in all");
            }
            long there = Files.size(file) - 4L * kind.integers;
            if (!(in instanceof GZIPInputStream) && there < volume) {
                throw truncated(file, there, volume, claim);
            }
            if (volume > MOST_COMPRESSION * Files.size(file)) {
                throw new DataException(file + ": " + claim + ", found a file of " + Files.size(file)
                        + " bytes, which cannot hold as many");
            }
            byte[] bytes = in.readNBytes((int) volume);
            if (bytes.length < volume) {
                throw truncated(file, bytes.length, volume, claim);
            }
            if (in.read() >= 0) {
                throw new DataException(file + ": goes on after its last sample, expected the end after " + volume
                        + " bytes (" + claim + ")");
            }
            return new IdxFile(file, dims, bytes);
        } catch (ZipException | EOFException e) {
            throw new DataException(file + ": damaged or truncated gzip data (" + e.getMessage()
                    + "), expected a whole gzip file", e);
        }
    }

    private static DataException truncated(Path file, long found, long volume, String claim) {
        return new DataException(file + ": truncated: " + found + " bytes after the header, expected " + volume + " ("
                + claim + ")");
    }

    private static InputStream open(Path file) throws IOException {
        PushbackInputStream in = new PushbackInputStream(Files.newInputStream(file), 2);
        try {
            byte[] start = in.readNBytes(2);
            in.unread(start);
            boolean zipped = start.length == 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
            return zipped ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static int[] header(Path file, Kind kind, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(4 * kind.integers);
        if (bytes.length >= 4 && ByteBuffer.wrap(bytes).getInt() != kind.magic) {
            int magic = ByteBuffer.wrap(bytes).getInt();
            String found = Arrays.stream(Kind.values()).filter(k -> k.magic == magic).map(k -> " (" + k.word() + ")")
                    .findFirst().orElse("");
            throw new DataException(file + ": magic number " + magic + found + ", expected " + kind.magic + " ("
                    + kind.word() + ")");
        }
        if (bytes.length < 4 * kind.integers) {
            throw new DataException(file + ": truncated: " + bytes.length + " bytes, expected a header of "
                    + 4 * kind.integers);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int[] dims = new int[kind.integers - 1];
        for (int k = 0; k < dims.length; k++) {
            dims[k] = header.getInt(4 * k + 4);
        }
        return dims;
    }

    private static String shape(int[] dims) {
        StringBuilder text = new StringBuilder().append(dims[0]);
        for (int k = 1; k < dims.length; k++) {
            text.append(" x ").append(dims[k]);
        }
        return text.toString();
    }

    /** Where it was read from. */
    public Path file() {
        return file;
    }

    /** Adds all that it holds to a checksum. */
    void update(Checksum sum) {
        for (int dim : dims) {
            sum.update(dim);
        }
        sum.update(bytes);
    }

    /** Number of images or labels. */
    public int count() {
        return dims[0];
    }

    /** Size of axis {@code axis}: 0 is the count, 1 the rows and 2 the columns of an image. */
    public int dim(int axis) {
        return dims[axis];
    }

    /** The unsigned byte at {@code at} after the header, 0..255. */
    public int at(int at) {
        return bytes[at] & 0xFF;
    }
}

package org.mocha4j.launcher.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Makes the bytes of IDX files. */
final class IdxBytes {
    private IdxBytes() { }

    /** The integers big-endian, then {@code count} bytes: 0, 1, 2, …. */
    static byte[] of(int count, int... header) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * header.length + count);
        for (int value : header) {
            bytes.putInt(value);
        }
        for (int k = 0; k < count; k++) {
            bytes.put((byte) k);
        }
        return bytes.array();
    }

    static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }
}

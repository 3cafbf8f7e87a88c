package org.mocha4j.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.mocha4j.api.DataException;

/** The bytes that every HDF5 file has at its start or behind a user block, and what follows them. */
final class Signature {
    private static final byte[] BYTES = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
    private static final int SHORTEST_HEAD = 48;

    private Signature() {
    }

    /** Whether a file starts as HDF5 files do. */
    static boolean starts(byte[] head) {
        int n = BYTES.length;
        return head.length >= n && Arrays.equals(head, 0, n, BYTES, 0, n);
    }

    /**
     * Checks signature and claimed size. A user block of 512, 1024, … bytes may come before the signature.
     *
     * @return where the signature is
     */
    static long find(Path path, long size) throws IOException {
        try (FileChannel in = FileChannel.open(path)) {
            for (long at = 0; at + BYTES.length <= size; at = at == 0 ? 512 : 2 * at) {
                ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
                in.read(b, at);
                if (starts(b.array())) {
                    checkEnd(path, b, size - at, size);
                    return at;
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
}

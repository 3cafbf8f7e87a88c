package org.mocha4j.hdf5;

import java.nio.ByteBuffer;

/** The checksum that HDF5's filter fletcher32 puts behind a chunk, little-endian: sums of 16-bit words modulo 65535. */
final class Fletcher32 {
    static final int FILTER = 3;
    private static final int WORDS_WITHOUT_OVERFLOW = 360;

    private Fletcher32() {
    }

    /** Whether the last four bytes of a stored chunk are the checksum of those before. */
    static boolean holds(ByteBuffer chunk) {
        int n = chunk.remaining() - 4;
        if (n < 0) {
            return false;
        }
        int at = chunk.position();
        int stored = (chunk.get(at + n) & 0xFF) | (chunk.get(at + n + 1) & 0xFF) << 8
                | (chunk.get(at + n + 2) & 0xFF) << 16 | chunk.get(at + n + 3) << 24;
        return stored == of(chunk, at, n);
    }

    private static int of(ByteBuffer b, int at, int n) {
        int low = 0;
        int high = 0;
        int words = n / 2;
        for (int i = 0; i < words; i++) {
            low += (b.get(at + 2 * i) & 0xFF) << 8 | b.get(at + 2 * i + 1) & 0xFF;
            high += low;
            if (i % WORDS_WITHOUT_OVERFLOW == WORDS_WITHOUT_OVERFLOW - 1) {
                low = fold(low);
                high = fold(high);
            }
        }
        if (n % 2 == 1) {
            low += (b.get(at + n - 1) & 0xFF) << 8;
            high += low;
        }
        return fold(fold(high)) << 16 | fold(fold(low));
    }

    private static int fold(int sum) {
        return (sum & 0xFFFF) + (sum >>> 16);
    }
}

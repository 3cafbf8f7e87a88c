package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mocha4j.api.DataException;

/** Whatever size a file claims anywhere, nothing is allocated for more than it holds. */
class ClaimsTest {
    private static final long MOST_BYTES = 16 << 20;             // gzip may make 1,032 bytes of one
    private static final long MOST_NANOS = 5_000_000_000L;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    @TempDir
    Path folder;

    /** Each 32-bit word in turn is the largest that fits, each 64-bit word 2^40. */
    @ParameterizedTest
    @CsvSource({"contiguous, 4", "gzip1, 4", "text-attribute, 16", "superblock-v110, 8", "superblock-1, 16",
        "links, 16", "index-fixed, 32", "index-extensible, 16", "index-btree, 16"})
    void everyWordInTurn(String name, int step) throws IOException {
        byte[] whole;
        try (InputStream in = ClaimsTest.class.getResourceAsStream("variants/" + name + ".h5")) {
            whole = in.readAllBytes();
        }
        Path file = folder.resolve("claims.h5");
        read(file, whole);
        int refused = 0;
        for (int at = 0; at + 8 <= whole.length; at += step) {
            for (boolean wide : new boolean[] {false, true}) {
                ByteBuffer b = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
                if (wide) {
                    b.putLong(at, 1L << 40);
                } else {
                    b.putInt(at, Integer.MAX_VALUE);
                }
                long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                long time = System.nanoTime();
                refused += read(file, b.array()) ? 0 : 1;
                String place = name + ", byte " + at + ", " + (wide ? 64 : 32) + " bits";
                long used = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytes;
                assertTrue(used < MOST_BYTES, place + ": " + used + " bytes");
                assertTrue(System.nanoTime() - time < MOST_NANOS, place);
            }
        }
        assertTrue(refused > 20, refused + " refused");
    }

    /** @return whether it could be read, whatever the numbers are; else the exception names the file */
    private static boolean read(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        try (H5File f = H5File.open(file)) {
            Rows r = f.rows("data");
            float[] row = new float[Math.min(r.rowElements, 1000)];
            for (long n = 0; n < Math.min(100, r.count) && row.length == r.rowElements; n++) {
                r.read(n, 1, row, 0);
            }
            Hdf5Format.attributes(f);
            return true;
        } catch (DataException e) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            return false;
        }
    }

    @Test
    void aHeapThatClaimsMoreThanTheFileHolds() throws Exception {
        Path file = Path.of(ClaimsTest.class.getResource("variants/bad-global-heap-size.h5").toURI());
        assertEquals(file + " claims 2147483631 bytes at 2112; found a file of 6192 bytes; it is damaged",
                assertThrows(DataException.class, () -> new Hdf5Format().read(file)).getMessage());
    }
}

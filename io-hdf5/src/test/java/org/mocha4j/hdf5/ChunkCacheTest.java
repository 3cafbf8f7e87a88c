package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataException;

class ChunkCacheTest {
    /** Bands whose numbers are their sizes; counts what is loaded, and by which threads. */
    private static final class Sizes implements ChunkCache.Bands {
        final List<Long> loaded = Collections.synchronizedList(new ArrayList<>());
        final Set<String> threads = ConcurrentHashMap.newKeySet();

        @Override
        public ByteBuffer load(long band) {
            loaded.add(band);
            threads.add(Thread.currentThread().getName());
            if (band == 13) {
                throw new DataException("unlucky");
            }
            return ByteBuffer.allocate((int) band);
        }

        @Override
        public long bytes(long band) {
            return band;
        }
    }

    private final Sizes bands = new Sizes();

    @Test
    void theLeastRecentlyUsedGoFirstAndBytesAreCounted() {
        ChunkCache c = new ChunkCache(100, 0);
        c.get(bands, 40);
        c.get(bands, 41);
        c.get(bands, 40);
        c.get(bands, 30);
        assertEquals(70, c.held());
        c.get(bands, 40);
        assertEquals(List.of(40L, 41L, 30L), bands.loaded);
        c.get(bands, 41);
        assertEquals(81, c.held());
        c.get(bands, 500);
        assertEquals(500, c.held());
        c.drop(new Sizes());
        assertEquals(500, c.held());
        c.drop(bands);
        assertEquals(0, c.held());
        assertEquals(Set.of(Thread.currentThread().getName()), bands.threads);
    }

    @Test
    void whatIsWantedIsLoadedByOtherThreadsUpToHalfOfTheMemory() {
        try (ChunkCache c = new ChunkCache(100, 2)) {
            c.want(bands, 20);
            c.want(bands, 21);
            c.want(bands, 20);
            c.want(bands, 10);                                   // would be 51 of 100
            assertEquals(41, c.held());
            assertEquals(20, c.get(bands, 20).capacity());
            c.want(bands, 10);
            c.want(bands, 22);                                   // 21 and 10 wait
            assertEquals(51, c.held());
            assertEquals(10, c.get(bands, 10).capacity());
            assertEquals(21, c.get(bands, 21).capacity());
            assertEquals(Set.of("mocha-chunks"), bands.threads);
            assertEquals(3, bands.loaded.size());
        }
    }

    @Test
    void whatFailsElsewhereFailsWhereItIsUsed() {
        try (ChunkCache c = new ChunkCache(100, 1)) {
            c.want(bands, 13);
            assertEquals("unlucky", assertThrows(DataException.class, () -> c.get(bands, 13)).getMessage());
            assertEquals(0, c.held());
        }
    }

    @Test
    void closingEndsTheThreads() throws InterruptedException {
        ChunkCache c = new ChunkCache(100, 3);
        for (int i = 1; i < 9; i++) {
            c.want(bands, i);
        }
        c.close();
        assertEquals(0, c.held());
        for (Thread t : Thread.getAllStackTraces().keySet()) {
            if (t.getName().equals("mocha-chunks")) {
                t.join(10_000);                                  // it has left the pool, and only has to end
                assertFalse(t.isAlive());
            }
        }
    }

    /** Words 1 and 2: their sum is 3, the sum of the sums 4. */
    @Test
    void fletcher32() {
        assertTrue(Fletcher32.holds(ByteBuffer.wrap(new byte[] {0, 1, 0, 2, 3, 0, 4, 0})));
        assertFalse(Fletcher32.holds(ByteBuffer.wrap(new byte[] {0, 1, 0, 3, 3, 0, 4, 0})));
        assertFalse(Fletcher32.holds(ByteBuffer.allocate(3)));
    }
}

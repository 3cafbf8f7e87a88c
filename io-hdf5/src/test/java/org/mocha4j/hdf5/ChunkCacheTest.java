package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ChunkCacheTest {
    @Test
    void theLeastRecentlyUsedGoFirstAndBytesAreCounted() {
        ChunkCache c = new ChunkCache(100);
        c.put(null, 1, ByteBuffer.allocate(40));
        c.put(null, 2, ByteBuffer.allocate(40));
        assertNotNull(c.get(null, 1));
        c.put(null, 3, ByteBuffer.allocate(30));
        assertNull(c.get(null, 2));
        assertNotNull(c.get(null, 1));
        assertEquals(70, c.held());
        c.atLeast(110);
        c.put(null, 4, ByteBuffer.allocate(40));
        assertEquals(110, c.held());
        c.put(null, 5, ByteBuffer.allocate(500));
        assertNotNull(c.get(null, 5));
        assertEquals(500, c.held());
        c.drop(null);
        assertEquals(0, c.held());
    }

    /** Words 1 and 2: their sum is 3, the sum of the sums 4. */
    @Test
    void fletcher32() {
        assertTrue(Fletcher32.holds(ByteBuffer.wrap(new byte[] {0, 1, 0, 2, 3, 0, 4, 0})));
        assertFalse(Fletcher32.holds(ByteBuffer.wrap(new byte[] {0, 1, 0, 3, 3, 0, 4, 0})));
        assertFalse(Fletcher32.holds(ByteBuffer.allocate(3)));
    }
}

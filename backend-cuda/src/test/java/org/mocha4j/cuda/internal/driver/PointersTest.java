package org.mocha4j.cuda.internal.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Memory;
import org.junit.jupiter.api.Test;

class PointersTest {
    /** As {@code cuLaunchKernel} reads them: pointers to the arguments. */
    @Test
    void argumentsOfALaunchAreFoundThroughPointers() {
        Arguments a = new Arguments().whole(7, -1).structure(1, 2, 3).address(4096).real(0.5);
        try (Memory m = Pointers.arguments(a)) {
            assertEquals(7, m.getPointer(0).getLong(0));
            assertEquals(-1, m.getPointer(8).getLong(0));
            assertArrayEquals(new long[] {1, 2, 3}, m.getPointer(16).getLongArray(0, 3));
            assertEquals(4096, m.getPointer(24).getLong(0));
            assertEquals(0.5, m.getPointer(32).getDouble(0));
        }
        Pointers.arguments(new Arguments()).close();
    }
}

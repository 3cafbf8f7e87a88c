package org.mocha4j.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
    @Test
    void everySampleComesExactlyOnce() {
        for (long size : new long[] {1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 4097}) {
            long[] sorted = order(7, size, 3);
            Arrays.sort(sorted);
            assertEquals(LongStream.range(0, size).boxed().toList(), Arrays.stream(sorted).boxed().toList());
        }
    }

    @Test
    void dependsOnSeedAndEpochAndIsTheSameAgain() {
        assertEquals(list(order(1, 50, 0)), list(order(1, 50, 0)));
        assertNotEquals(list(order(1, 50, 0)), list(order(1, 50, 1)));
        assertNotEquals(list(order(1, 50, 0)), list(order(2, 50, 0)));
        assertNotEquals(list(order(1, 50, 0)), LongStream.range(0, 50).boxed().toList());
    }

    /** Each of 5 samples comes first in about a fifth of 5000 epochs: 1000 ± 5 standard deviations of 28.3. */
    @Test
    void isUniformInTheFirstPlace() {
        int[] counts = new int[5];
        for (int epoch = 0; epoch < 5000; epoch++) {
            counts[(int) Permutation.at(1, 2, epoch, 5, 0)]++;
        }
        for (int c : counts) {
            assertEquals(1000, c, 142);
        }
    }

    @Test
    void worksBeyondTwoToThe31() {
        long size = 3L << 40;
        assertNotEquals(Permutation.at(1, 2, 0, size, 0), Permutation.at(1, 2, 0, size, size - 1));
        assertThrows(IndexOutOfBoundsException.class, () -> Permutation.at(1, 2, 0, 10, 10));
    }

    private static long[] order(long seed, long size, long epoch) {
        return LongStream.range(0, size).map(i -> Permutation.at(seed, Philox.key("train"), epoch, size, i)).toArray();
    }

    private static Object list(long[] a) {
        return Arrays.stream(a).boxed().toList();
    }
}

package org.mocha4j.launcher.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawnDigitsTest {
    /** The drawn digits are data that results are reported on: a change of a single grey value must be seen here. */
    @Test
    void firstThousandSamplesAreTheseOnEveryPlatform() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        DrawnDigits digits = DrawnDigits.train(1);
        for (int i = 0; i < 1000; i++) {
            digest.update(digits.grey(i));
            digest.update((byte) digits.label(i));
        }
        assertEquals("cd60af3790f3932d27970aad194c2882634ff733c54ba283d400574edc985664",
                HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void sampleDependsOnSeedAndNumberOnly() {
        DrawnDigits all = DrawnDigits.train(5);
        DrawnDigits some = new DrawnDigits(5, 120, 7);
        for (int i = 6; i >= 0; i--) {
            assertArrayEquals(all.grey(120 + i), some.grey(i));
            assertEquals(all.label(120 + i), some.label(i));
        }
        assertFalse(Arrays.equals(all.grey(120), DrawnDigits.train(6).grey(120)));
    }

    @Test
    void manyThreadsDrawTheSame() {
        DrawnDigits digits = DrawnDigits.train(3);
        int[] alone = IntStream.range(0, 400).map(i -> Arrays.hashCode(digits.grey(i))).toArray();
        assertArrayEquals(alone,
                IntStream.range(0, 400).parallel().map(i -> Arrays.hashCode(digits.grey(i))).toArray());
    }

    @Test
    void everyTenSamplesHoldEachDigitOnceInChangingOrder() {
        DrawnDigits digits = DrawnDigits.test(1);
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < digits.size(); i += 10) {
            int[] ten = IntStream.range(i, i + 10).map(digits::label).toArray();
            orders.add(Arrays.toString(ten));
            assertArrayEquals(IntStream.range(0, 10).toArray(), Arrays.stream(ten).sorted().toArray());
        }
        assertTrue(orders.size() > 190, "orders: " + orders.size());
    }

    @Test
    void noTestSampleIsInTheTrainingSet() {
        DrawnDigits train = DrawnDigits.train(1);
        DrawnDigits test = DrawnDigits.test(1);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < train.size(); i++) {
            assertTrue(seen.add(Arrays.toString(train.grey(i))), "sample " + i + " was drawn before");
        }
        for (int i = 0; i < test.size(); i++) {
            assertFalse(seen.contains(Arrays.toString(test.grey(i))), "test sample " + i);
        }
    }

    @Test
    void everySampleHasInkAndPaper() {
        DrawnDigits digits = DrawnDigits.train(9);
        for (int i = 0; i < 1000; i++) {
            int ink = 0;
            for (byte grey : digits.grey(i)) {
                ink += (grey & 0xFF) > 128 ? 1 : 0;
            }
            assertTrue(ink >= 10 && ink < 350, "sample " + i + ", digit " + digits.label(i) + ": " + ink + " pixels");
        }
    }

    @Test
    void pixelsAreGreyOver256() {
        DrawnDigits digits = new DrawnDigits(1, 0, 20);
        float[] pixels = new float[28 * 28];
        digits.pixels(13, pixels);
        byte[] grey = digits.grey(13);
        for (int k = 0; k < grey.length; k++) {
            assertEquals((grey[k] & 0xFF) / 256f, pixels[k]);
        }
        assertEquals(new SampleSet.Dims(1, 28, 28), digits.dims());
    }

    @Test
    void refusesWhatItCannotDraw() {
        assertEquals("first is 7, expected a multiple of ten that is at least 0",
                assertThrows(IllegalArgumentException.class, () -> new DrawnDigits(1, 7, 1)).getMessage());
        assertEquals("size is 0, expected at least 1",
                assertThrows(IllegalArgumentException.class, () -> new DrawnDigits(1, 0, 0)).getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> new DrawnDigits(1, 0, 5).grey(5));
    }
}

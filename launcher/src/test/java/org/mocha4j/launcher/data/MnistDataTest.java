package org.mocha4j.launcher.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;
import org.mocha4j.api.MochaException;

class MnistDataTest {
    @TempDir
    Path folder;
    private Path images;
    private Path labels;

    @BeforeEach
    void names() {
        images = folder.resolve("train-images-idx3-ubyte");
        labels = folder.resolve("train-labels-idx1-ubyte");
    }

    private String fault() {
        return assertThrows(MochaException.class, () -> MnistData.train(folder)).getMessage();
    }

    private String fault(byte[] imageBytes) throws IOException {
        Files.write(images, imageBytes);
        return assertThrows(DataException.class, () -> IdxFile.read(images, IdxFile.Kind.IMAGES)).getMessage();
    }

    @Test
    void readsPlainAndGzippedFiles() throws IOException {
        Files.write(images, IdxBytes.of(3 * 100, 2051, 3, 10, 10));
        Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxBytes.zip(IdxBytes.of(3, 2049, 3)));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), IdxBytes.zip(IdxBytes.of(100, 2051, 1, 10, 10)));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxBytes.of(1, 2049, 1));
        MnistData train = MnistData.train(folder);
        assertEquals(3, train.size());
        assertEquals(new SampleSet.Dims(1, 10, 10), train.dims());
        float[] pixels = new float[100];
        train.pixels(2, pixels);
        assertEquals(200 / 256f, pixels[0]);
        assertEquals(255 / 256f, pixels[55]);
        assertEquals(0f, pixels[56]);
        assertEquals(2, train.label(2));
        assertEquals(1, MnistData.test(folder).size());
        assertThrows(IndexOutOfBoundsException.class, () -> train.pixels(3, pixels));
        assertThrows(IndexOutOfBoundsException.class, () -> train.label(-1));
    }

    @Test
    void saysWhatIsWrongWithAnIdxFile() throws IOException {
        assertEquals(images + ": truncated: 0 bytes, expected a header of 16", fault(new byte[0]));
        assertEquals(images + ": truncated: 12 bytes, expected a header of 16", fault(IdxBytes.of(0, 2051, 3, 28)));
        assertEquals(images + ": magic number 2049 (labels), expected 2051 (images)", fault(IdxBytes.of(3, 2049, 3)));
        assertEquals(images + ": magic number 1179011410, expected 2051 (images)",
                fault(IdxBytes.of(20, 0x46464952)));
        assertEquals(images + ": truncated: 1567 bytes after the header, expected 1568 (2 x 28 x 28 images by its"
                + " header)",
                fault(IdxBytes.of(1567, 2051, 2, 28, 28)));
        assertEquals(images + ": goes on after its last sample, expected the end after 1568 bytes (2 x 28 x 28 images"
                + " by its header)", fault(IdxBytes.of(1569, 2051, 2, 28, 28)));
        assertEquals(images + ": -1 x 28 x 28 images by its header, expected sizes of at least 0 and less than 2 GiB"
                + " in all",
                fault(IdxBytes.of(0, 2051, -1, 28, 28)));
        assertEquals(images + ": 2000000000 x 2000000000 x 2000000000 images by its header, expected sizes of at"
                + " least 0 and less than 2 GiB in all",
                fault(IdxBytes.of(0, 2051, 2_000_000_000, 2_000_000_000, 2_000_000_000)));
    }

    @Test
    void aClaimOfTwoGigabytesIsNotBelieved() throws IOException {
        assertEquals(images + ": truncated: 5 bytes after the header, expected 2147483000 (2147483000 x 1 x 1 images by"
                + " its header)", fault(IdxBytes.of(5, 2051, 2_147_483_000, 1, 1)));
        byte[] zipped = IdxBytes.zip(IdxBytes.of(5, 2051, 2_147_483_000, 1, 1));
        assertEquals(images + ": 2147483000 x 1 x 1 images by its header, found a file of " + zipped.length
                + " bytes, which"
                + " cannot hold as many", fault(zipped));
    }

    @Test
    void saysWhatIsWrongWithGzipData() throws IOException {
        byte[] zipped = IdxBytes.zip(IdxBytes.of(1568, 2051, 2, 28, 28));
        assertEquals(images + ": damaged or truncated gzip data (Unexpected end of ZLIB input stream), expected a whole"
                + " gzip file", fault(Arrays.copyOf(zipped, zipped.length / 2)));
        zipped[zipped.length - 6] ^= 1;
        assertEquals(images + ": damaged or truncated gzip data (Corrupt GZIP trailer), expected a whole gzip file",
                fault(zipped));
    }

    @Test
    void saysWhatIsWrongWithThePair() throws IOException {
        Files.write(images, IdxBytes.of(5 * 4, 2051, 5, 2, 2));
        Files.write(labels, IdxBytes.of(4, 2049, 4));
        assertEquals(images + " has 5 images, but " + labels + " has 4 labels; expected as many of both", fault());
        Files.write(images, IdxBytes.of(12 * 4, 2051, 12, 2, 2));
        Files.write(labels, IdxBytes.of(12, 2049, 12));
        assertEquals(labels + ": label 10 of sample 10, expected 0..9", fault());
        Files.write(images, IdxBytes.of(0, 2051, 0, 28, 28));
        Files.write(labels, IdxBytes.of(0, 2049, 0));
        assertEquals(images + ": 0 images of 28 x 28 pixels, expected at least one of at least 1 x 1", fault());
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Files.write(labels, IdxBytes.of(4, 2049, 4));
        assertEquals(folder + " has no file train-images-idx3-ubyte or train-images-idx3-ubyte.gz; it has"
                + " [train-labels-idx1-ubyte]", fault());
        Path nowhere = folder.resolve("nowhere");
        assertEquals(nowhere + " is not a folder; expected one with the IDX file t10k-images-idx3-ubyte or"
                + " t10k-images-idx3-ubyte.gz",
                assertThrows(ConfigurationException.class, () -> MnistData.test(nowhere)).getMessage());
    }
}

package org.mocha4j.launcher.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.ConfigurationException;
import org.mocha4j.api.DataException;

class CifarDataTest {
    private static final int RECORD = 3073;

    @TempDir
    Path folder;

    /** Records with the labels given; pixel k of record i is 7·i + k + seed, modulo 256. */
    private static byte[] records(int seed, int... labels) {
        byte[] bytes = new byte[labels.length * RECORD];
        for (int i = 0; i < labels.length; i++) {
            bytes[i * RECORD] = (byte) labels[i];
            for (int k = 0; k < RECORD - 1; k++) {
                bytes[i * RECORD + 1 + k] = (byte) (7 * i + k + seed);
            }
        }
        return bytes;
    }

    private void write(Path to) throws IOException {
        Files.createDirectories(to);
        for (int i = 1; i <= 5; i++) {
            Files.write(to.resolve("data_batch_" + i + ".bin"), records(i, i, 9 - i));
        }
        Files.write(to.resolve("test_batch.bin"), records(0, 0, 9, 3));
    }

    private static void assertRight(Path from) throws IOException {
        CifarData train = CifarData.train(from);
        CifarData test = CifarData.test(from);
        assertEquals(10, train.size());
        assertEquals(3, test.size());
        assertEquals(new SampleSet.Dims(3, 32, 32), train.dims());
        assertEquals(5, train.label(7));                        // the second record of data_batch_4.bin
        assertEquals(4, train.label(6));
        assertEquals(9, test.label(1));
        float[] pixels = new float[3072];
        train.pixels(7, pixels);
        assertEquals(11, pixels[0]);
        assertEquals(255, pixels[244]);
        assertEquals(0, pixels[245]);
        double sum = 0;
        for (int i = 0; i < 10; i++) {
            train.pixels(i, pixels);
            sum += pixels[250];
        }
        assertEquals((float) (sum / 10), train.mean()[250]);
        assertThrows(IndexOutOfBoundsException.class, () -> train.label(10));
        assertThrows(IndexOutOfBoundsException.class, () -> train.pixels(-1, pixels));
    }

    @Test
    void readsTheFilesTheInnerFolderAndTheArchive() throws IOException {
        write(folder.resolve("a"));
        assertRight(folder.resolve("a"));
        write(folder.resolve("b/cifar-10-batches-bin"));
        assertRight(folder.resolve("b"));
        Path c = Files.createDirectories(folder.resolve("c")).resolve(CifarData.ARCHIVE);
        Files.write(c, archive(folder.resolve("a")));
        assertRight(folder.resolve("c"));
        assertRight(c);
    }

    private static byte[] archive(Path files) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.write(header("cifar-10-batches-bin/", 0, '5'));
        for (String name : new String[] {"data_batch_1.bin", "data_batch_4.bin", "readme.html", "test_batch.bin",
            "data_batch_3.bin", "data_batch_5.bin", "data_batch_2.bin"}) {
            byte[] bytes = name.endsWith(".bin") ? Files.readAllBytes(files.resolve(name)) : new byte[513];
            tar.write(header("cifar-10-batches-bin/" + name, bytes.length, '0'));
            tar.write(bytes);
            tar.write(new byte[(512 - bytes.length % 512) % 512]);
        }
        tar.write(new byte[1024]);
        return IdxBytes.zip(tar.toByteArray());
    }

    private static byte[] header(String name, int size, char type) {
        byte[] h = new byte[512];
        put(h, 0, name);
        put(h, 124, String.format(Locale.ROOT, "%011o", size));
        h[156] = (byte) type;
        put(h, 257, "ustar");
        Arrays.fill(h, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : h) {
            sum += b & 0xFF;
        }
        put(h, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return h;
    }

    private static void put(byte[] h, int at, String text) {
        byte[] b = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(b, 0, h, at, b.length);
    }

    @Test
    void writesDataMeanAndLists() throws IOException {
        write(folder);
        CifarData train = CifarData.train(folder);
        Path out = folder.resolve("out");
        DataWriter.mean(train.mean(), train.dims(), out);
        DataWriter.write(train, CifarData.test(folder), out);
        try (HdfFile mean = new HdfFile(out.resolve("mean.hdf5"));
                HdfFile data = new HdfFile(out.resolve("train.hdf5"))) {
            assertArrayEquals(new int[] {3, 32, 32}, mean.getDatasetByPath("mean").getDimensions());
            assertArrayEquals(train.mean(), (float[]) mean.getDatasetByPath("mean").getDataFlat());
            float[] all = (float[]) data.getDatasetByPath("data").getDataFlat();
            float[] pixels = new float[3072];
            train.pixels(9, pixels);
            assertArrayEquals(pixels, Arrays.copyOfRange(all, 9 * 3072, 10 * 3072));
            assertArrayEquals(new float[] {1, 8, 2, 7, 3, 6, 4, 5, 5, 4},
                    (float[]) data.getDatasetByPath("label").getData());
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path file = folder.resolve("test_batch.bin");
        Files.write(file, new byte[RECORD + 1]);
        assertEquals(file + ": 3074 bytes, expected a whole number of records of 3073 bytes, at least one (the official"
                + " file has 10000: 30730000 bytes)", fault());
        Files.write(file, new byte[0]);
        assertTrue(fault().startsWith(file + ": 0 bytes, expected"));
        Files.write(file, records(0, 1, 10));
        assertEquals(file + ": label 10 of record 1, expected 0..9", fault());
        Files.write(file, records(0, 255));
        assertEquals(file + ": label 255 of record 0, expected 0..9", fault());
    }

    private String fault() {
        return assertThrows(DataException.class, () -> CifarData.test(folder)).getMessage();
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Files.writeString(folder.resolve("x"), "");
        assertEquals(folder + " has [x]; expected a folder with data_batch_1.bin … or with cifar-10-binary.tar.gz,"
                + " CIFAR-10's binary version",
                assertThrows(ConfigurationException.class, () -> CifarData.train(folder)).getMessage());
        Path none = folder.resolve("none");
        assertEquals(none + " is not a folder; expected a folder with test_batch.bin … or with cifar-10-binary.tar.gz,"
                + " CIFAR-10's binary version",
                assertThrows(ConfigurationException.class, () -> CifarData.test(none)).getMessage());
        write(folder);
        Files.delete(folder.resolve("data_batch_3.bin"));
        assertEquals(folder.resolve("data_batch_3.bin") + " is missing; expected beside its siblings",
                assertThrows(ConfigurationException.class, () -> CifarData.train(folder)).getMessage());
    }

    @Test
    void saysWhatIsWrongWithAnArchive() throws IOException {
        write(folder.resolve("a"));
        byte[] good = archive(folder.resolve("a"));
        Path file = folder.resolve(CifarData.ARCHIVE);
        Files.write(file, Arrays.copyOf(good, good.length / 2));
        assertEquals(file + ": damaged or truncated archive (Unexpected end of ZLIB input stream), expected a"
                + " whole .tar.gz file",
                assertThrows(DataException.class, () -> CifarData.train(file)).getMessage());
        Files.write(file, new byte[1000]);
        assertEquals(file + ": damaged or truncated archive (Not in GZIP format), expected a whole .tar.gz file",
                assertThrows(DataException.class, () -> CifarData.train(file)).getMessage());
        String noHeader = file + ": no tar header where one is due, expected a .tar.gz file";
        Files.write(file, IdxBytes.zip(IdxBytes.of(2000, 0x61626364)));
        assertEquals(noHeader, assertThrows(DataException.class, () -> CifarData.train(file)).getMessage());
        Files.write(file, IdxBytes.zip(new byte[1024]));
        assertEquals(file + " has no data_batch_1.bin; expected all of [data_batch_1.bin, data_batch_2.bin,"
                + " data_batch_3.bin, data_batch_4.bin, data_batch_5.bin]",
                assertThrows(DataException.class, () -> CifarData.train(file)).getMessage());
    }
}

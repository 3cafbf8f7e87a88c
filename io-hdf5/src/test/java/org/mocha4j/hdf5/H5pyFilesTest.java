package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mocha4j.api.DataException;

/** Files written by h5py in the oldest and the newest form of the format: src/test/python/h5py_files.py. */
class H5pyFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest"})
    void numbersOfEveryTypeOrderAndLayout(String version) throws IOException {
        try (H5File f = H5File.open(copy(version))) {
            assertRows(f, "f4be", 4, 3, i -> i / 2.0);
            assertRows(f, "f8", 4, 3, i -> i / 3.0);
            assertRows(f, "f2", 4, 3, i -> i / 4.0);
            assertRows(f, "i2be", 4, 3, i -> -i);
            assertRows(f, "u1", 4, 3, i -> i + 244);
            assertRows(f, "compact", 4, 3, i -> 10 * i);
            assertRows(f, "u4", 4, 1, i -> i < 3 ? i : 4e9);
            assertRows(f, "i8", 4, 1, i -> new double[] {0, 1, -1, -(1L << 60) - 1}[i]);
            assertRows(f, "u8", 4, 1, i -> i < 3 ? i : 0x1p63 + 2048);
            assertRows(f, "gzip", 50, 105, i -> i);
            assertRows(f, "lzf", 20, 7, i -> i / 7 * 105 + i % 7 * 5);
            assertRows(f, "fletcher", 20, 1, i -> i * 105);
            assertRows(f, "growing", 20, 5, i -> i / 5 * 105 + i % 5);
            assertRows(f, "link", 3, 1, i -> i);
            assertRows(f, "/group/inner/x", 3, 1, i -> i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest"})
    void theFormatReadsWhatIsComplete(String version) throws IOException {
        Path file = copy(version);
        assertEquals(file + ": data set [never]: was created but never written; expected: data",
                assertThrows(DataException.class, () -> new Hdf5Format().read(file)).getMessage());
        try (H5File f = H5File.open(file)) {
            long[] exact = new long[4];
            f.rows("i8").read(0, 4, exact, 0);
            assertArrayEquals(new long[] {0, 1, -1, -(1L << 60) - 1}, exact);
            double[] scalar = new double[1];
            f.rows("scalar").read(0, 1, scalar, 0);
            assertEquals(0.1, scalar[0]);
            assertEquals(file + ": data set [u8], row 0 cannot be read: found 9223372036854777856, which does not fit "
                    + "into int64; the file may be damaged",
                    assertThrows(DataException.class, () -> f.rows("u8").read(0, 4, exact, 0)).getMessage());
            assertMessage(file + ": data set [sparse]: the chunk at [0, 0] was never written; expected: data",
                    f, "sparse");
            assertMessage(file + ": data set [text]: found elements of VariableLength; expected: numbers", f, "text");
            assertEquals("{caption=naïve é→, count=3}", Hdf5Format.attributes(f).toString());
        }
    }

    /** Whatever is damaged, reading ends in numbers or in a DataException that names the file. */
    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest"})
    void damageIsAlwaysADataException(String version) throws IOException {
        byte[] all = Files.readAllBytes(copy(version));
        Path bad = folder.resolve("bad.h5");
        Random random = new Random(1);
        int failed = 0;
        for (int i = 0; i < 200; i++) {
            byte[] b = all.clone();
            for (int k = 0; k < 1 + i % 40; k++) {
                b[i % 2 == 0 ? random.nextInt(b.length) : random.nextInt(4096)] = (byte) random.nextInt(256);
            }
            Files.write(bad, b);
            try (H5File f = H5File.open(bad)) {
                for (String name : List.of("gzip", "lzf", "growing", "compact", "f4be", "group/inner/x", "scalar")) {
                    Rows r = f.rows(name);
                    float[] row = new float[r.rowElements];
                    for (int n = 0; n < Math.min(100, r.count); n++) {
                        r.read(n, 1, row, 0);
                    }
                }
                Hdf5Format.attributes(f);
            } catch (DataException e) {
                assertTrue(e.getMessage().startsWith(bad.toString()), e.getMessage());
                failed++;
            }
        }
        assertTrue(failed > 50, "only " + failed + " of 200 mutations were noticed");
    }

    private static void assertMessage(String text, H5File f, String name) {
        assertEquals(text, assertThrows(DataException.class,
                () -> f.rows(name).read(0, 1, new float[10], 0)).getMessage());
    }

    /** Reads all at once in double, and rows backwards in float. */
    private static void assertRows(H5File f, String name, int rows, int row, IntToDoubleFunction expected) {
        Rows r = f.rows(name);
        assertEquals(rows, r.count, name);
        assertEquals(row, r.rowElements, name);
        double[] all = new double[rows * row + 2];
        r.read(0, rows, all, 1);
        assertArrayEquals(IntStream.range(-1, rows * row + 1)
                .mapToDouble(i -> i < 0 || i == rows * row ? 0 : expected.applyAsDouble(i)).toArray(), all, name);
        float[] one = new float[row];
        for (int n = rows - 1; n >= 0; n--) {
            r.read(n, 1, one, 0);
            for (int i = 0; i < row; i++) {
                assertEquals((float) expected.applyAsDouble(n * row + i), one[i], name);
            }
        }
    }

    private Path copy(String version) throws IOException {
        Path file = folder.resolve(version + ".h5");
        try (InputStream in = H5pyFilesTest.class.getResourceAsStream("h5py-" + version + ".h5")) {
            Files.copy(in, file);
        }
        return file;
    }
}

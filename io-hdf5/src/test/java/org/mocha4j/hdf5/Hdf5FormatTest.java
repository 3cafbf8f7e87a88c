package org.mocha4j.hdf5;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataException;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.HostTensor;
import org.mocha4j.api.Shape;
import org.mocha4j.api.Spec;

class Hdf5FormatTest {
    @TempDir
    Path folder;
    private final Hdf5Format format = new Hdf5Format();

    @Test
    void tensorsComeBackBitForBit() throws IOException {
        Map<String, Array> tensors = new LinkedHashMap<>();
        for (DataType type : DataType.values()) {
            for (int[] dims : new int[][] {{}, {1}, {7}, {3, 1}, {2, 3, 4, 5}}) {
                tensors.put("t___" + type + dims.length + "x" + (dims.length == 0 ? 0 : dims[0]), random(type, dims));
            }
        }
        tensors.put("group/sub/x", Array.of(Shape.of(2), 1f, 2f));
        tensors.put("group/y", Array.of(Shape.of(1), 3.0));
        tensors.put("special", Array.of(Shape.of(5), Float.NaN, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, 1e38f));
        Path file = folder.resolve("a.h5");
        format.write(file, new TensorFile(tensors, Map.of()));
        assertEquals(tensors, new LinkedHashMap<>(format.read(file).tensors()));
        assertTrue(format.recognises(Arrays.copyOf(Files.readAllBytes(file), 8)));
    }

    @Test
    void textsOfAnyLengthComeBack() throws IOException {
        String longText = "é→𝄞\n".repeat(60_000);
        Map<String, String> texts = Map.of("net", longText, "empty", "", "plain", "a: 1\nb: 2\n", "a#1", "not a part",
                "unicode", "naïve → 𝄞", "exactly", "x".repeat(10_000), "blank", " padded ");
        Path file = folder.resolve("a.h5");
        format.write(file, new TensorFile(Map.of("x", Array.of(Shape.of(1), 1f)), texts));
        Map<String, String> read = format.read(file).attributes();
        assertEquals(texts.keySet(), read.keySet());
        texts.forEach((name, text) -> assertTrue(text.equals(read.get(name)), () -> name + ": " + text.length()
                + " characters became " + read.get(name).length() + ": "
                + read.get(name).substring(0, Math.min(30, read.get(name).length()))));
    }

    @Test
    void aFileWithNothingInIt() throws IOException {
        Path file = folder.resolve("a.h5");
        format.write(file, new TensorFile(Map.of(), Map.of()));
        assertEquals(new TensorFile(Map.of(), Map.of()), format.read(file));
    }

    @Test
    void anExistingFileIsNotOverwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("a.h5"), "precious");
        assertThrows(FileAlreadyExistsException.class, () -> format.write(file, new TensorFile(Map.of(), Map.of())));
        assertEquals("precious", Files.readString(file));
        Path empty = Files.createFile(folder.resolve("b.h5"));
        format.write(empty, new TensorFile(Map.of("x", Array.of(Shape.of(1), 1f)), Map.of()));
        assertEquals(1, format.read(empty).tensors().size());
    }

    @Test
    void wrongFilesAreNamed() throws IOException {
        Path none = folder.resolve("none.h5");
        assertMessage(none + " does not exist or is no file; expected: an HDF5 file", none);
        Path text = Files.writeString(folder.resolve("text.h5"), "hello");
        assertMessage(text + " is not an HDF5 file: it has 5 bytes and no HDF5 signature", text);
        Path file = folder.resolve("a.h5");
        format.write(file, new TensorFile(Map.of("x", random(DataType.FLOAT32, 1000)), Map.of()));
        byte[] all = Files.readAllBytes(file);
        Path cut = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(all, all.length - 100));
        assertMessage(cut + " is truncated: found " + (all.length - 100) + " bytes; expected: " + all.length, cut);
        assertFalse(format.recognises("hello".getBytes(StandardCharsets.UTF_8)));
    }

    /** A damaged file either still reads or is a DataException that names it: nothing else, in 400 mutations. */
    @Test
    void damageIsAlwaysADataException() throws IOException {
        Path file = folder.resolve("a.h5");
        format.write(file, new TensorFile(Map.of("g/x", random(DataType.FLOAT32, 3, 4), "y", random(DataType.INT64, 5)),
                Map.of("a", "text")));
        byte[] all = Files.readAllBytes(file);
        Random random = new Random(1);
        int failed = 0;
        Path bad = folder.resolve("bad.h5");
        for (int i = 0; i < 400; i++) {
            byte[] b = all.clone();
            for (int k = 0; k < 1 + i % 4; k++) {
                b[random.nextInt(b.length)] = (byte) random.nextInt(256);
            }
            Files.write(bad, b);
            try {
                format.read(bad);
            } catch (DataException e) {
                assertTrue(e.getMessage().startsWith(bad.toString()), e.getMessage());
                failed++;
            }
        }
        assertTrue(failed > 50, "only " + failed + " of 400 mutations were noticed");
    }

    @Test
    void h5pyReadsWhatWeWrite() throws Exception {
        String python = H5py.python();
        assumeTrue(python != null, "skipped: no python3 with h5py");
        Path file = folder.resolve("a.h5");
        Map<String, Array> tensors = Map.of("conv___filter", Array.of(Shape.of(1, 2, 1, 3), 0f, 1f, 2f, 3f, 4f, 5f),
                "g/n", Array.scalar(DataType.INT64, 7));
        format.write(file, new TensorFile(tensors, Map.of("net", "naïve", "long", "é".repeat(500_000))));
        String program = """
                import h5py, sys
                f = h5py.File(sys.argv[1], 'r')
                d = f['conv___filter']
                print(d.shape, d.dtype, d[...].flatten().tolist(), f['g/n'][()], f.attrs['net'].decode(),
                    sum(len(f.attrs['long#%d' % i].decode()) for i in range(50)), len(f.attrs))
                """;
        assertEquals("(1, 2, 1, 3) float32 [0.0, 1.0, 2.0, 3.0, 4.0, 5.0] 7 naïve 500000 51",
                H5py.run(python, program, file.toString()));
    }

    private void assertMessage(String text, Path file) {
        assertEquals(text, assertThrows(DataException.class, () -> format.read(file)).getMessage());
    }

    private static Array random(DataType type, int... dims) {
        HostTensor t = HostTensor.allocate(Spec.of(type, dims));
        Random random = new Random(dims.length);
        for (int i = 0; i < t.elements(); i++) {
            if (type == DataType.INT64) {
                t.longs()[i] = random.nextLong();
            } else {
                t.set(i, type == DataType.INT32 ? random.nextInt() : random.nextGaussian());
            }
        }
        return t.toArray();
    }
}
